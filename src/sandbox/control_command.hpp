// A command of the control port, without HTTP.
#pragma once

#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace hallpass::sandbox {

struct control_command {
    std::string method;            // of HTTP
    std::vector<std::string> path; // its parts
    boost::json::object body;
};

} // namespace hallpass::sandbox
