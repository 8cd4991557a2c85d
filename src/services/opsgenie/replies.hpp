// What Opsgenie and its successor answer (api-ticketing 3.2): HTTP statuses, and JSON with a message.
#pragma once

#include "base/result.hpp"
#include "ports/http_client.hpp"
#include "services/opsgenie/config.hpp"

#include <boost/json/object.hpp>

#include <string_view>

namespace hallpass::services::opsgenie {

// `makes`: the call makes something; then faults of which the work may have been done are uncertain().
//
// The object of an answer that succeeded; 202 is one, and says only that the work will be tried. transient:
// HTTP 408, 5xx, and what isn't their form at all; rate_limited with the time to wait; unauthorised;
// not_found, also of a request that isn't processed yet; permanent otherwise.
result<boost::json::object>
read_reply(platform on, std::string_view call, bool makes, const ports::http_response& response);

} // namespace hallpass::services::opsgenie
