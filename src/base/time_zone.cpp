#include "base/time_zone.hpp"

#include <absl/time/time.h>
#include <algorithm>
#include <string_view>

namespace hallpass {

namespace {

// Of letters and digits and what joins them. A path or a prefix would lead elsewhere than to the database.
bool is_name(std::string_view text) noexcept {
    return !text.empty() && !text.starts_with('/') && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
               c == '_' || c == '-' || c == '+';
    });
}

} // namespace

std::optional<utc_offset_at> find_time_zone(const std::string& name) {
    absl::TimeZone zone;
    if (!is_name(name) || !absl::LoadTimeZone(name, &zone)) {
        return std::nullopt;
    }
    return [zone](instant at) {
        const absl::Time moment = absl::FromUnixMillis(at.time_since_epoch().count());
        return std::chrono::seconds(zone.At(moment).offset);
    };
}

} // namespace hallpass
