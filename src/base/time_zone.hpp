// Clocks of places, with their summer time, by IANA's database as this machine has it.
#pragma once

#include "base/time.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace hallpass {

// How far a place's clock is ahead of UTC at a moment.
using utc_offset_at = std::function<std::chrono::seconds(instant)>;

// "Europe/Berlin"; nothing where this machine knows no such zone.
std::optional<utc_offset_at> find_time_zone(const std::string& name);

} // namespace hallpass
