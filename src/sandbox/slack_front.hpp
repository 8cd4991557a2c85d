// The simulated Slack over HTTP: faults and rate limits around its methods.
#pragma once

#include "net/http_server.hpp"
#include "sandbox/fault_plan.hpp"
#include "sandbox/slack_sockets.hpp"
#include "sandbox/slack_state.hpp"
#include "sandbox/waits.hpp"

namespace hallpass::sandbox {

// All of them outlive the handler. It serves /api/<method> and /<method>, and the connections of Socket Mode
// at /link/.
net::request_handler
make_slack_handler(slack_state& slack, slack_sockets& sockets, fault_plan& faults, waits& delays);

} // namespace hallpass::sandbox
