// What Datadog answers: HTTP statuses, and JSON with "errors" in either of its two forms (api-ticketing 5.4).
#pragma once

#include "base/result.hpp"
#include "ports/http_client.hpp"

#include <boost/json/object.hpp>

#include <string_view>

namespace hallpass::services::datadog {

// `posts`: doing it twice would do harm; then faults of which Datadog may have done the work are uncertain().
// transient: 5xx, and what isn't Datadog's form at all; rate_limited with the time to wait; unauthorised for
// 401 and 403; not_found; permanent otherwise. An empty answer is an empty object.
result<boost::json::object>
read_reply(std::string_view call, bool posts, const ports::http_response& response);

} // namespace hallpass::services::datadog
