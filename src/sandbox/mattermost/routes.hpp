// The REST API of the simulated Mattermost (api-messaging 3.1).
#pragma once

#include "net/http_server.hpp"
#include "sandbox/mattermost/state.hpp"

#include <string>

namespace hallpass::sandbox::mattermost {

net::server_response answer_call(state& at, const net::server_request& request);

// "PUT posts/patch": the path without what is an id or a name.
std::string name_of_call(const net::server_request& request);

boost::json::object to_json(const refusal& refused);
// As clients see it: without what the buttons call, and with what.
boost::json::object to_json(const post& shown);

} // namespace hallpass::sandbox::mattermost
