// Which requests of people on call the operator lets through, whatever service knows who is on call.
#pragma once

#include "access/access_request.hpp"
#include "base/time.hpp"
#include "base/time_zone.hpp"

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace hallpass::access {

// A part of the day, by a clock that is so far ahead of UTC, always or as its place has it. One that ends
// before it begins passes midnight, and belongs to the day on which it begins.
struct daily_window {
    std::chrono::minutes from{0};
    std::chrono::minutes until{std::chrono::hours(24)};
    std::set<unsigned> days; // 0 is Sunday; empty is every day
    std::chrono::minutes ahead_of_utc{0};
    utc_offset_at offset_at; // counts where there is one
};

struct on_call_rules {
    // Each role that is asked for must be one of them. Empty: whatever the request's own annotations allow;
    // "*": every role.
    std::set<std::string> roles;
    daily_window window;
    std::optional<std::chrono::milliseconds> max_duration; // of the access
};

bool is_within(const daily_window& window, instant now);

// Every role of the request is one of them, and there is one; "*" is any.
bool covers(const std::set<std::string>& roles, const access_request& request);

// Why the request isn't for being on call now, for the log; nothing where it may be.
std::optional<std::string> why_not(const on_call_rules& rules, const access_request& request, instant now);

// "09:00-17:30" and "mon", "tue", …; nothing where the text is no such thing.
std::optional<std::pair<std::chrono::minutes, std::chrono::minutes>> parse_hours(std::string_view text);
std::optional<unsigned> parse_day(std::string_view text);
// "+05:30", "-08:00", "Z".
std::optional<std::chrono::minutes> parse_utc_offset(std::string_view text);

} // namespace hallpass::access
