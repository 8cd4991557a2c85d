// The REST API of the simulated Opsgenie ("/v2/…"), and of its successor ("/jsm/ops/…", "/rest/api/3/user"),
// as far as hallpass uses them (api-ticketing 3.2 to 3.4, 3.7).
#pragma once

#include "net/http_server.hpp"
#include "sandbox/opsgenie/opsgenie_state.hpp"

#include <string>

namespace hallpass::sandbox::opsgenie {

net::server_response answer_api_call(state& of, const net::server_request& request);

// "POST alerts/{id}/notes": what faults are counted by.
std::string name_of_api_call(const net::server_request& request);

net::server_response error_answer(int status, const std::string& message);

} // namespace hallpass::sandbox::opsgenie
