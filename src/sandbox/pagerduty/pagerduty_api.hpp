// The REST API v2 of the simulated PagerDuty, as far as hallpass uses it (api-ticketing 2.1 to 2.4).
#pragma once

#include "net/http_server.hpp"
#include "sandbox/pagerduty/pagerduty_state.hpp"

#include <string>

namespace hallpass::sandbox::pagerduty {

net::server_response answer_api_call(state& of, const net::server_request& request);

// "POST /incidents/{id}/notes": what faults are counted by.
std::string name_of_api_call(const net::server_request& request);

} // namespace hallpass::sandbox::pagerduty
