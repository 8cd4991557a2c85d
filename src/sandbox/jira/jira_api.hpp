// The REST API of the simulated Jira, as far as hallpass uses it (api-ticketing 1).
#pragma once

#include "net/http_server.hpp"
#include "sandbox/jira/jira_state.hpp"

#include <chrono>
#include <string>

namespace hallpass::sandbox::jira {

// `url` is the site, as it calls itself.
net::server_response
answer_api_call(jira_state& state, const std::string& url, const net::server_request& request);

// "POST issue", "POST issue/comment", "POST search/jql": what faults are counted by.
std::string name_of_api_call(const net::server_request& request);

net::server_response rate_limited(std::chrono::seconds wait);

} // namespace hallpass::sandbox::jira
