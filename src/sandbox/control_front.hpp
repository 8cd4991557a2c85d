// The control port and the page over HTTP.
#pragma once

#include "net/http_server.hpp"
#include "sandbox/control_parts.hpp"

#include <memory>

namespace hallpass::sandbox {

net::request_handler make_control_handler(std::shared_ptr<const control_parts> parts);

} // namespace hallpass::sandbox
