#include "base/time.hpp"

#include <charconv>
#include <cstdio>

namespace hallpass {

namespace {

// Reads exactly `digits` digits and the separator behind them ('\0' for none).
bool take(std::string_view& text, std::size_t digits, char separator, int& value) noexcept {
    if (text.size() < digits) {
        return false;
    }
    const auto [end, error] = std::from_chars(text.data(), text.data() + digits, value);
    if (error != std::errc{} || end != text.data() + digits || value < 0) {
        return false;
    }
    text.remove_prefix(digits);
    if (separator == '\0') {
        return true;
    }
    if (text.empty() || (text.front() != separator && !(separator == 'T' && text.front() == 't'))) {
        return false;
    }
    text.remove_prefix(1);
    return true;
}

// Milliseconds of a ".123456" that may stand here.
int take_fraction(std::string_view& text) noexcept {
    if (text.empty() || text.front() != '.') {
        return 0;
    }
    text.remove_prefix(1);
    int milliseconds = 0;
    int weight = 100;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
        milliseconds += (text.front() - '0') * weight;
        weight /= 10;
        text.remove_prefix(1);
    }
    return milliseconds;
}

std::optional<std::chrono::minutes> take_offset(std::string_view text) noexcept {
    if (text == "Z" || text == "z") {
        return std::chrono::minutes{0};
    }
    if (text.size() != 6 || (text.front() != '+' && text.front() != '-')) {
        return std::nullopt;
    }
    const int sign = text.front() == '-' ? -1 : 1;
    text.remove_prefix(1);
    int hours = 0;
    int minutes = 0;
    if (!take(text, 2, ':', hours) || !take(text, 2, '\0', minutes)) {
        return std::nullopt;
    }
    return std::chrono::minutes{sign * (hours * 60 + minutes)};
}

} // namespace

std::string to_rfc3339(instant at) {
    const auto days = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date{days};
    const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(at - days)};
    char text[40];
    std::snprintf(
        text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
        static_cast<int>(clock.seconds().count())
    );
    return text;
}

std::optional<instant> parse_rfc3339(std::string_view text) {
    int year = 0;
    int month = 0;
    int day = 0;
    int hours = 0;
    int minutes = 0;
    int seconds = 0;
    if (!take(text, 4, '-', year) || !take(text, 2, '-', month) || !take(text, 2, 'T', day) ||
        !take(text, 2, ':', hours) || !take(text, 2, ':', minutes) || !take(text, 2, '\0', seconds)) {
        return std::nullopt;
    }
    const int milliseconds = take_fraction(text);
    const auto offset = take_offset(text);
    const std::chrono::year_month_day date{
        std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
        std::chrono::day{static_cast<unsigned>(day)}};
    if (!offset || !date.ok() || hours > 23 || minutes > 59 || seconds > 60) {
        return std::nullopt;
    }
    return instant{std::chrono::sys_days{date}} + std::chrono::hours{hours} + std::chrono::minutes{minutes} +
           std::chrono::seconds{seconds} + std::chrono::milliseconds{milliseconds} - *offset;
}

} // namespace hallpass
