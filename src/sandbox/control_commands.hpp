// The commands of the control port, without HTTP: a path and a JSON body in, JSON out.
#pragma once

#include "sandbox/control_command.hpp"
#include "sandbox/control_parts.hpp"
#include "sandbox/refusal.hpp"

#include <boost/json/value.hpp>

namespace hallpass::sandbox {

// not_found where there is no such command.
outcome<boost::json::value> run_control_command(const control_parts& parts, const control_command& command);

// Those that set what is to go wrong.
outcome<boost::json::value> run_fault_command(const control_parts& parts, const control_command& command);

} // namespace hallpass::sandbox
