#include "services/on_call_section.hpp"

#include "base/text.hpp"
#include "base/time_zone.hpp"

#include <utility>

namespace hallpass::services {

namespace {

bool read_hours(settings& own, access::daily_window& into) {
    const auto written = own.text("hours");
    if (!written) {
        return true;
    }
    const auto hours = access::parse_hours(*written);
    if (!hours) {
        own.error(
            "hours",
            "must be a part of the day such as \"09:00-17:30\", found \"" + one_line(*written, 60) + '"'
        );
        return false;
    }
    into.from = hours->first;
    into.until = hours->second;
    return true;
}

bool read_days(settings& own, access::daily_window& into) {
    bool sound = true;
    for (const std::string& written : own.texts("days").value_or(std::vector<std::string>())) {
        if (const auto day = access::parse_day(written)) {
            into.days.insert(*day);
        } else {
            own.error(
                "days",
                "must be of \"mon\", \"tue\", \"wed\", \"thu\", \"fri\", \"sat\" and \"sun\", found \"" +
                    one_line(written, 60) + '"'
            );
            sound = false;
        }
    }
    return sound;
}

bool read_offset(settings& own, access::daily_window& into) {
    const auto written = own.text("utc_offset");
    if (!written) {
        return true;
    }
    const auto offset = access::parse_utc_offset(*written);
    if (!offset) {
        own.error(
            "utc_offset",
            "must be such as \"+02:00\", \"-08:00\" or \"Z\", found \"" + one_line(*written, 60) + '"'
        );
        return false;
    }
    into.ahead_of_utc = *offset;
    return true;
}

bool read_zone(settings& own, access::daily_window& into) {
    const auto written = own.text("time_zone");
    if (!written) {
        return !own.has("time_zone");
    }
    if (own.has("utc_offset")) {
        own.error("time_zone", "and utc_offset say two things; take one of them out");
        return false;
    }
    auto zone = find_time_zone(*written);
    if (!zone) {
        own.error(
            "time_zone", "must be a zone that this machine knows (package tzdata), such as "
                         "\"Europe/Berlin\", found \"" +
                             one_line(*written, 60) + '"'
        );
        return false;
    }
    into.offset_at = std::move(*zone);
    return true;
}

} // namespace

bool read_on_call_rules(settings& own, access::on_call_rules& into) {
    const auto roles = own.texts("roles");
    into.roles.clear();
    if (roles) {
        into.roles.insert(roles->begin(), roles->end());
    }
    into.max_duration = own.duration("max_duration");
    const bool hours = read_hours(own, into.window);
    const bool days = read_days(own, into.window);
    const bool offset = read_offset(own, into.window);
    const bool zone = read_zone(own, into.window);
    const bool lasting = into.max_duration.has_value() || !own.has("max_duration");
    const bool listed = roles.has_value() || !own.has("roles");
    return hours && days && offset && zone && lasting && listed;
}

} // namespace hallpass::services
