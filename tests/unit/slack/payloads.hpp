// Callbacks as Slack sends them.
#pragma once

#include "access/decision.hpp"
#include "ports/callbacks.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace hallpass::test {

inline constexpr std::string_view signing_secret = "8f742231b10e8888abcd99yyyzzz85a5";

// On the card of sample_request(), by U0000BOB1 of T0000OWN1.
boost::json::object click_payload(access::verdict what);
// Of a form that wants no confirmation.
boost::json::object form_payload(access::verdict what, std::string_view reason);

std::string body_of_payload(const boost::json::value& payload);
// Signed for that second.
ports::callback_request signed_callback(std::string body, std::int64_t seconds);

} // namespace hallpass::test
