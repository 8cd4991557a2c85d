// What ServiceNow answers: HTTP statuses, and JSON with "result" or "error" (api-ticketing 4.2, 4.3).
#pragma once

#include "base/result.hpp"
#include "ports/http_client.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string_view>

namespace hallpass::services::servicenow {

// `posts`: doing it twice would do harm; then faults of which ServiceNow may have done the work are
// uncertain(). transient: 5xx, and what isn't ServiceNow's form at all, as from an instance that sleeps;
// rate_limited with the time to wait; unauthorised for 401; not_found; permanent otherwise.
result<boost::json::value>
read_reply(std::string_view call, bool posts, const ports::http_response& response);

// Of oauth_token.do: has a text "access_token".
result<boost::json::object> read_token(const ports::http_response& response);

} // namespace hallpass::services::servicenow
