// The status of an instance as a table for people.
#pragma once

#include "ops/instance_status.hpp"

#include <string>

namespace hallpass::ops {

// Many lines, the last ended. Nothing in the status can begin a line of its own or steer the terminal; what
// is very long is cut.
std::string to_text(const instance_status& status);

// "45s", "3m", "2h13m", "5d4h"; "0s" for what is not over yet.
std::string short_duration(std::chrono::milliseconds time);

} // namespace hallpass::ops
