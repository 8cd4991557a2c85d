// The authorities that a command names: {"ca_file": "/path/of/a.pem"}.
#pragma once

#include "sandbox/refusal.hpp"

#include <boost/json/object.hpp>

#include <string>

namespace hallpass::sandbox {

// As PEM; "" where the command names none.
outcome<std::string> read_authorities(const boost::json::object& command);

} // namespace hallpass::sandbox
