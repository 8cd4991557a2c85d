// The REST APIs of the simulated ServiceNow, as far as hallpass uses them (api-ticketing 4).
#pragma once

#include "net/http_server.hpp"
#include "sandbox/fault_plan.hpp"
#include "sandbox/servicenow/servicenow_site.hpp"

#include <string>

namespace hallpass::sandbox::servicenow {

net::server_response answer_api_call(site& at, const net::server_request& request);

// "POST incident", "GET sys_user", "GET whoisoncall": what faults are counted by.
std::string name_of_api_call(const net::server_request& request);

// In ServiceNow's form.
net::server_response refused_as_told(const fault_rule& rule);

} // namespace hallpass::sandbox::servicenow
