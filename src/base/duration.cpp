#include "base/settings.hpp"

#include <array>
#include <cmath>

namespace hallpass {

namespace {

constexpr double longest_milliseconds = 1e15;

// The unit that `text` begins with, in milliseconds, and its length; 0 where there is none.
std::pair<double, std::size_t> unit_at(std::string_view text) noexcept {
    struct unit {
        std::string_view name;
        double milliseconds;
    };

    // Longer names first: "ms" also begins with "m".
    constexpr std::array<unit, 7> units{{
        {"ns", 1e-6},
        {"us", 1e-3},
        {"µs", 1e-3},
        {"ms", 1},
        {"s", 1e3},
        {"m", 6e4},
        {"h", 3.6e6},
    }};
    for (const unit& one : units) {
        if (text.starts_with(one.name)) {
            return {one.milliseconds, one.name.size()};
        }
    }
    return {0, 0};
}

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

// The decimal number that `text` begins with, taken off it; nothing where there is none.
std::optional<double> take_number(std::string_view& text) noexcept {
    double value = 0;
    double scale = 1;
    bool any_digit = false;
    bool after_point = false;
    while (!text.empty() && (is_digit(text.front()) || (text.front() == '.' && !after_point))) {
        if (text.front() == '.') {
            after_point = true;
        } else {
            any_digit = true;
            value = value * 10 + (text.front() - '0');
            scale *= after_point ? 10 : 1;
        }
        text.remove_prefix(1);
    }
    return any_digit && std::isfinite(value) ? std::optional(value / scale) : std::nullopt;
}

} // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
    if (text == "0") {
        return std::chrono::milliseconds(0);
    }
    if (text.empty() || text.size() > 60) {
        return std::nullopt;
    }
    double total = 0;
    while (!text.empty()) {
        const auto value = take_number(text);
        const auto [milliseconds, length] = unit_at(text);
        if (!value || length == 0) {
            return std::nullopt;
        }
        text.remove_prefix(length);
        total += *value * milliseconds;
    }
    if (total > longest_milliseconds) {
        return std::nullopt;
    }
    return std::chrono::milliseconds(std::llround(total));
}

} // namespace hallpass
