// What Mattermost answers: HTTP statuses, and JSON with its error ids (api-messaging 3.1).
#pragma once

#include "base/result.hpp"
#include "ports/http_client.hpp"
#include "services/json_members.hpp"

#include <boost/json/value.hpp>

#include <string_view>

namespace hallpass::services::mattermost {

// `posts`: the call makes a post; then faults of which Mattermost may have done the work are uncertain().
//
// The object or list of an answer that succeeded. transient: HTTP 5xx, and what isn't Mattermost's form at
// all; rate_limited with the time to wait; unauthorised for the token; not_found; permanent otherwise. The
// texts name the call, the error's id, and where there is one the mend.
result<boost::json::value>
read_reply(std::string_view call, bool posts, const ports::http_response& response);

} // namespace hallpass::services::mattermost
