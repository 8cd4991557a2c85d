#include "access/on_call_rules.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace hallpass::access {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

constexpr minutes whole_day{hours(24)};

bool is_on(const daily_window& window, std::chrono::sys_days day) {
    const unsigned weekday = std::chrono::weekday(day).c_encoding();
    return window.days.empty() || window.days.contains(weekday);
}

std::optional<int> parse_two_digits(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = text.size() == 2 && error == std::errc{} && end == text.data() + text.size();
    return whole && value >= 0 ? std::optional(value) : std::nullopt;
}

// "17:30"; 24:00 is the end of the day.
std::optional<minutes> parse_time(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') {
        return std::nullopt;
    }
    const auto hour = parse_two_digits(text.substr(0, 2));
    const auto minute = parse_two_digits(text.substr(3));
    if (!hour || !minute || *minute > 59) {
        return std::nullopt;
    }
    const minutes at = hours(*hour) + minutes(*minute);
    return at <= whole_day ? std::optional(at) : std::nullopt;
}

// The end of the access, as late as it may come.
std::optional<instant> access_end(const access_request& request) {
    if (!request.max_duration || !request.access_expires) {
        return request.max_duration ? request.max_duration : request.access_expires;
    }
    return std::max(*request.max_duration, *request.access_expires);
}

} // namespace

bool is_within(const daily_window& window, instant now) {
    const std::chrono::seconds ahead = window.offset_at ? window.offset_at(now) : window.ahead_of_utc;
    const instant there = now + ahead;
    const auto today = std::chrono::floor<days>(there);
    const auto at = there - today;
    if (window.from < window.until) {
        return is_on(window, today) && at >= window.from && at < window.until;
    }
    return (is_on(window, today) && at >= window.from) ||
           (is_on(window, today - days(1)) && at < window.until);
}

bool covers(const std::set<std::string>& roles, const access_request& request) {
    return !request.roles.empty() &&
           (roles.contains("*") ||
            std::all_of(request.roles.begin(), request.roles.end(), [&](const std::string& role) {
                return roles.contains(role);
            }));
}

std::optional<std::string> why_not(const on_call_rules& rules, const access_request& request, instant now) {
    if (request.state != request_state::pending) {
        return "it is no longer pending";
    }
    if (request.long_term) {
        return "it is for long-term access";
    }
    if (!rules.roles.empty() && !covers(rules.roles, request)) {
        return "not all of its roles are in on_call.roles";
    }
    if (!is_within(rules.window, now)) {
        return "it is outside of on_call.hours and on_call.days";
    }
    if (rules.max_duration) {
        const auto end = access_end(request);
        const instant begin = std::max(now, request.assume_start.value_or(now));
        if (!end || *end - begin > *rules.max_duration) {
            return "it is for longer than on_call.max_duration";
        }
    }
    return std::nullopt;
}

std::optional<std::pair<minutes, minutes>> parse_hours(std::string_view text) {
    const std::size_t dash = text.find('-');
    if (dash == std::string_view::npos) {
        return std::nullopt;
    }
    const auto from = parse_time(trimmed(text.substr(0, dash)));
    const auto until = parse_time(trimmed(text.substr(dash + 1)));
    if (!from || !until || *from == *until || *from == whole_day) {
        return std::nullopt;
    }
    return std::pair(*from, *until);
}

std::optional<unsigned> parse_day(std::string_view text) {
    constexpr std::array<std::string_view, 7> names{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
    const auto found = std::find(names.begin(), names.end(), lower_case(text));
    return found == names.end() ? std::nullopt : std::optional(static_cast<unsigned>(found - names.begin()));
}

std::optional<minutes> parse_utc_offset(std::string_view text) {
    if (text == "Z" || text == "z") {
        return minutes(0);
    }
    if (text.empty() || (text.front() != '+' && text.front() != '-')) {
        return std::nullopt;
    }
    const auto ahead = parse_time(text.substr(1));
    if (!ahead || *ahead > hours(14)) {
        return std::nullopt;
    }
    return text.front() == '+' ? *ahead : -*ahead;
}

} // namespace hallpass::access
