// What Graph and the bot connector answer: HTTP statuses, and JSON with error codes (api-messaging 4.2, 4.3).
#pragma once

#include "base/result.hpp"
#include "ports/http_client.hpp"
#include "services/json_members.hpp"

#include <boost/json/object.hpp>

#include <string_view>

namespace hallpass::services::msteams {

// `posts`: the call makes a message; then faults of which Microsoft may have done the work are uncertain().
//
// The object of an answer that succeeded, an empty one where it has no body. transient: HTTP 5xx, 412, and
// what isn't their form at all; rate_limited with the time to wait; unauthorised; not_found; conflict;
// permanent otherwise. The texts name the call, the code, and where there is one the mend.
result<boost::json::object>
read_reply(std::string_view call, bool posts, const ports::http_response& response);

} // namespace hallpass::services::msteams
