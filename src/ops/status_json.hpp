// The status of an instance as JSON, for machines and for `hallpass status`.
#pragma once

#include "base/result.hpp"
#include "ops/instance_status.hpp"

#include <string>
#include <string_view>

namespace hallpass::ops {

std::string_view to_string(ports::delivery_state state) noexcept;

// One line. Instants are RFC 3339, to the second; what is not known is left out.
std::string to_json(const instance_status& status);

// Takes what to_json() of this version or another wrote. malformed where it is something else.
result<instance_status> parse_instance_status(std::string_view json);

} // namespace hallpass::ops
