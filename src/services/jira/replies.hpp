// What Jira answers: HTTP statuses, and JSON with errorMessages and errors (api-ticketing 1.5).
#pragma once

#include "base/result.hpp"
#include "ports/http_client.hpp"

#include <boost/json/value.hpp>

#include <string_view>

namespace hallpass::services::jira {

// `posts`: doing it twice would do harm; then faults of which Jira may have done the work are uncertain().
//
// The JSON of an answer that succeeded, null where its body is empty. transient: 5xx, 409, and what isn't
// Jira's form at all; rate_limited with the time to wait; unauthorised for 401; not_found; permanent
// otherwise. The texts name the call, what Jira said, and where there is one the mend.
result<boost::json::value>
read_reply(std::string_view call, bool posts, const ports::http_response& response);

} // namespace hallpass::services::jira
