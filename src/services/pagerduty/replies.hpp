// What PagerDuty answers: HTTP statuses, and JSON with its error codes (api-ticketing 2.4).
#pragma once

#include "base/result.hpp"
#include "ports/http_client.hpp"
#include "services/json_members.hpp"

#include <boost/json/object.hpp>

#include <string_view>

namespace hallpass::services::pagerduty {

// `makes`: the call makes something; then faults of which PagerDuty may have done the work are uncertain().
//
// The object of an answer that succeeded. transient: HTTP 408, 5xx, and what isn't PagerDuty's form at all;
// rate_limited with the time to wait; unauthorised for the key and for the user that hallpass acts as;
// conflict where the incident is resolved already; not_found; permanent otherwise. The texts name the call,
// what PagerDuty said, and where there is one the mend.
result<boost::json::object>
read_reply(std::string_view call, bool makes, const ports::http_response& response);

} // namespace hallpass::services::pagerduty
