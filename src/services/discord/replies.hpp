// What Discord answers: HTTP statuses, and JSON with its error codes (api-messaging 2.1, 2.2).
#pragma once

#include "base/result.hpp"
#include "ports/http_client.hpp"
#include "services/json_members.hpp"

#include <boost/json/value.hpp>

#include <string_view>

namespace hallpass::services::discord {

// `posts`: the call makes a message; then faults of which Discord may have done the work are uncertain().
//
// The object or list of an answer that succeeded, an empty object of one without a body. transient: HTTP 5xx,
// Discord's passing errors, and what isn't Discord's form at all; rate_limited with the time to wait;
// unauthorised; not_found for users and messages; conflict where an interaction is answered already;
// permanent otherwise. The texts name the call, the code, and where there is one the mend.
result<boost::json::value>
read_reply(std::string_view call, bool posts, const ports::http_response& response);

} // namespace hallpass::services::discord
