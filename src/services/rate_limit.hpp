// The operator's own ceiling on calls to a service.
#pragma once

#include "base/settings.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace hallpass::services {

// The least interval between two calls: from 20 (calls a second), "1/s", "50/m" or "3000/h"; 0 where the key
// is absent. What is none of these is a problem, and nothing comes back.
std::optional<std::chrono::nanoseconds> read_rate_limit(settings& own, std::string_view key);

} // namespace hallpass::services
