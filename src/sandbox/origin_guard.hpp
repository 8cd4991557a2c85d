// Keeps other web sites out: the control port is local, but a browser on this machine also visits them.
#pragma once

#include "net/http_server.hpp"

#include <optional>
#include <string>

namespace hallpass::sandbox {

// Why the request is refused; nothing where it may pass. The Host must name this machine (a foreign name is a
// rebound DNS entry), and what a browser says of the page that asks must be the sandbox's own.
std::optional<std::string> refuse_foreign(const net::server_request& request);

} // namespace hallpass::sandbox
