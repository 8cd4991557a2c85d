#include "net/rate_notice.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>

namespace hallpass::net {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest = std::chrono::hours(1);

std::optional<double> parse_number(std::string_view text) {
    text = trimmed(text);
    double value = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size() || !(value >= 0)) {
        return std::nullopt;
    }
    return value;
}

std::optional<milliseconds> parse_seconds(std::string_view text) {
    const std::optional<double> seconds = parse_number(text);
    if (!seconds) {
        return std::nullopt;
    }
    // Up, so that we never come too early by a rounding.
    const double bounded = std::min(*seconds * 1000 + 0.999, static_cast<double>(longest.count()));
    return milliseconds(static_cast<milliseconds::rep>(bounded));
}

std::optional<int> parse_digits(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

// The value of one key in "limit=100, remaining=0, reset=5" or "\"default\";r=0;t=5".
std::optional<double> member(std::string_view fields, std::string_view key) {
    std::string text(fields);
    std::replace(text.begin(), text.end(), ';', ',');
    for (const std::string& part : split(text, ',')) {
        const std::string_view item = trimmed(part);
        if (item.size() > key.size() && item.starts_with(key) && item[key.size()] == '=') {
            return parse_number(item.substr(key.size() + 1));
        }
    }
    return std::nullopt;
}

std::optional<milliseconds> exhausted_by(const ports::http_headers& headers) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 2> pairs = {{
        {"X-RateLimit-Remaining", "X-RateLimit-Reset-After"},
        {"RateLimit-Remaining", "RateLimit-Reset"},
    }};
    for (const auto& [remaining, reset] : pairs) {
        if (parse_number(ports::find_header(headers, remaining)) == 0.0) {
            return parse_seconds(ports::find_header(headers, reset));
        }
    }
    const std::string_view combined = ports::find_header(headers, "RateLimit");
    for (const auto& [remaining, reset] : {std::pair("remaining", "reset"), std::pair("r", "t")}) {
        const std::optional<double> after = member(combined, reset);
        if (after && member(combined, remaining) == 0.0) {
            return parse_seconds(std::to_string(*after));
        }
    }
    return std::nullopt;
}

} // namespace

rate_notice read_rate_notice(const ports::http_headers& headers, instant now) {
    rate_notice notice;
    if (const std::string_view text = ports::find_header(headers, "Retry-After"); !text.empty()) {
        notice.retry_after = parse_seconds(text);
        if (const auto at = parse_http_date(trimmed(text))) {
            notice.retry_after = std::clamp(*at - now, milliseconds(0), longest);
        }
    }
    notice.exhausted_for = exhausted_by(headers);
    return notice;
}

std::optional<instant> parse_http_date(std::string_view text) {
    // "Sun, 06 Nov 1994 08:49:37 GMT"
    //  0    5  8   12   17 20 23
    constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    if (text.size() != 29 || text.substr(25) != " GMT" || text[3] != ',' || text[19] != ':' ||
        text[22] != ':') {
        return std::nullopt;
    }
    const std::size_t month = months.find(text.substr(8, 3));
    const auto day = parse_digits(text.substr(5, 2));
    const auto year = parse_digits(text.substr(12, 4));
    const auto hour = parse_digits(text.substr(17, 2));
    const auto minute = parse_digits(text.substr(20, 2));
    const auto second = parse_digits(text.substr(23, 2));
    if (month == std::string_view::npos || month % 3 != 0 || !day || !year || !hour || !minute || !second) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date{
        std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(month / 3 + 1)),
        std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) {
        return std::nullopt;
    }
    return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
           std::chrono::seconds(*second);
}

} // namespace hallpass::net
