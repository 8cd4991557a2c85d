// What Slack answers: the envelope with "ok", and what its error codes mean (api-messaging 1.1, 1.2).
#pragma once

#include "base/result.hpp"
#include "ports/http_client.hpp"
#include "services/json_members.hpp"

#include <boost/json/object.hpp>

#include <string_view>

namespace hallpass::services::slack {

inline constexpr std::string_view open_connection_method = "apps.connections.open";

// `posts`: the call makes a message, so that it is not repeated blindly; then faults of which Slack may have
// done the work are uncertain().
//
// The whole reply where it says ok. transient: HTTP 5xx, Slack's passing errors, and what isn't Slack's form
// at all; rate_limited with the time to wait; unauthorised; not_found for users, messages and threads;
// permanent otherwise. The texts name the method, the code, and where there is one the mend.
result<boost::json::object>
read_reply(std::string_view method, bool posts, const ports::http_response& response);

// Slack's error code of a reply that is not ok: "channel_not_found".
fault fault_of(std::string_view method, bool posts, const boost::json::object& reply);

} // namespace hallpass::services::slack
