#include "access/on_call_rules.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace hallpass;
using namespace hallpass::access;
using namespace std::chrono_literals;

namespace {

instant at(const std::string& text) {
    const auto parsed = parse_rfc3339(text);
    if (!parsed) {
        throw std::logic_error("not an instant: " + text);
    }
    return *parsed;
}

const instant monday = at("2026-03-02T10:00:00Z");

access_request pending() {
    access_request made;
    made.state = request_state::pending;
    made.roles = {"dba", "prod"};
    made.access_expires = monday + 4h;
    return made;
}

daily_window window(std::string_view text, std::set<unsigned> days = {}) {
    daily_window made;
    const auto hours = parse_hours(text);
    REQUIRE(hours);
    made.from = hours->first;
    made.until = hours->second;
    made.days = std::move(days);
    return made;
}

} // namespace

TEST_CASE("without rules every pending request may be for being on call") {
    CHECK_FALSE(why_not(on_call_rules{}, pending(), monday));
}

TEST_CASE("a request that is resolved or long-term is never for being on call") {
    access_request over = pending();
    over.state = request_state::denied;
    CHECK(why_not(on_call_rules{}, over, monday) == "it is no longer pending");
    access_request lasting = pending();
    lasting.long_term = true;
    CHECK(why_not(on_call_rules{}, lasting, monday) == "it is for long-term access");
}

TEST_CASE("every role that is asked for must be listed") {
    on_call_rules rules;
    rules.roles = {"dba"};
    CHECK(why_not(rules, pending(), monday) == "not all of its roles are in on_call.roles");
    rules.roles = {"dba", "prod", "other"};
    CHECK_FALSE(why_not(rules, pending(), monday));
    rules.roles = {"*"};
    CHECK_FALSE(why_not(rules, pending(), monday));
    access_request nothing = pending();
    nothing.roles.clear();
    CHECK(why_not(rules, nothing, monday) == "not all of its roles are in on_call.roles");
}

TEST_CASE("hours hold from their begin to before their end") {
    const daily_window day = window("09:00-17:30");
    CHECK_FALSE(is_within(day, at("2026-03-02T08:59:59Z")));
    CHECK(is_within(day, at("2026-03-02T09:00:00Z")));
    CHECK(is_within(day, at("2026-03-02T17:29:59Z")));
    CHECK_FALSE(is_within(day, at("2026-03-02T17:30:00Z")));
    CHECK(is_within(window("00:00-24:00"), monday));
}

TEST_CASE("hours that pass midnight belong to the day on which they begin") {
    const daily_window night = window("22:00-06:00", {1}); // Mondays
    CHECK(is_within(night, at("2026-03-02T23:00:00Z")));
    CHECK(is_within(night, at("2026-03-03T05:59:00Z")));
    CHECK_FALSE(is_within(night, at("2026-03-02T05:00:00Z")));
    CHECK_FALSE(is_within(night, at("2026-03-03T22:30:00Z")));
    CHECK_FALSE(is_within(night, at("2026-03-02T12:00:00Z")));
}

TEST_CASE("hours and days are those of the clock that the operator names") {
    daily_window there = window("00:00-08:00", {2}); // Tuesdays
    there.ahead_of_utc = *parse_utc_offset("+09:00");
    CHECK(is_within(there, at("2026-03-02T16:00:00Z")));
    CHECK_FALSE(is_within(there, at("2026-03-03T00:00:00Z")));
    on_call_rules rules;
    rules.window = there;
    CHECK(why_not(rules, pending(), monday) == "it is outside of on_call.hours and on_call.days");
}

TEST_CASE("access that lasts too long, or doesn't say how long, isn't for being on call") {
    on_call_rules rules;
    rules.max_duration = 4h;
    CHECK_FALSE(why_not(rules, pending(), monday));
    const std::string too_long = "it is for longer than on_call.max_duration";
    access_request longer = pending();
    longer.max_duration = monday + 4h + 1s;
    CHECK(why_not(rules, longer, monday) == too_long);
    access_request silent = pending();
    silent.access_expires.reset();
    CHECK(why_not(rules, silent, monday) == too_long);
    access_request later = pending();
    later.assume_start = monday + 2h;
    later.access_expires = monday + 6h;
    CHECK_FALSE(why_not(rules, later, monday));
}

TEST_CASE("what is no hours, day or offset is told apart") {
    for (const auto* text :
         {"", "9:00-17:00", "09:00", "09:00-09:00", "09:60-10:00", "24:00-01:00", "09:00-25:00",
          "ab:cd-ef:gh", "-1:00-02:00"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_hours(text));
    }
    CHECK(parse_day("Mon") == 1U);
    CHECK_FALSE(parse_day("monday"));
    CHECK(parse_utc_offset("-08:00") == -480min);
    CHECK(parse_utc_offset("Z") == 0min);
    CHECK_FALSE(parse_utc_offset("+15:00"));
    CHECK_FALSE(parse_utc_offset("8"));
}

TEST_CASE("a place's clock counts as it is at the moment, summer time included") {
    daily_window there = window("09:00-17:00", {1});
    there.ahead_of_utc = 9h; // doesn't count beside a place
    const instant summer = at("2026-03-29T01:00:00Z");
    there.offset_at = [summer](instant now) { return now < summer ? 1h : 2h; };
    CHECK(is_within(there, at("2026-03-23T15:59:59Z")));
    CHECK_FALSE(is_within(there, at("2026-03-23T16:00:00Z")));
    CHECK_FALSE(is_within(there, at("2026-03-30T06:59:59Z")));
    CHECK(is_within(there, at("2026-03-30T07:00:00Z")));
    CHECK_FALSE(is_within(there, at("2026-03-30T15:30:00Z")));
}
