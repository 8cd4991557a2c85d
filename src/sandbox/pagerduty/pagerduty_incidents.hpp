// What the simulated PagerDuty's API does with incidents and their notes (api-ticketing 2.1).
#pragma once

#include "sandbox/pagerduty/pagerduty_call.hpp"

namespace hallpass::sandbox::pagerduty {

// A call below "incidents".
net::server_response answer_incidents(state& of, const asked& call);

boost::json::object incident_json(const incident& one);

} // namespace hallpass::sandbox::pagerduty
