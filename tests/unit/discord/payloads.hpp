// Interactions as Discord sends them.
#pragma once

#include "access/decision.hpp"
#include "ports/callbacks.hpp"
#include "services/discord/interaction.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace hallpass::test {

// Of the key whose seed is the bytes 0 to 31 (api-messaging 2.3).
inline constexpr std::string_view public_key =
    "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8";
inline constexpr std::string_view application_id = "500000000000000001";
inline constexpr std::string_view bob_id = "300000000000000002";
inline constexpr std::string_view interaction_token = "aW50ZXJhY3Rpb246c2VjcmV0";

// On the card of sample_request(), by bob in a server.
boost::json::object click_payload(access::verdict what);
boost::json::object
form_payload(const services::discord::form_facts& about, std::string_view reason, bool confirmed = false);
boost::json::object form_payload(access::verdict what, std::string_view reason);

// In 128 lower-case hex digits.
std::string signature_of(std::string_view timestamp, std::string_view body);
// Signed for that second.
ports::callback_request signed_callback(std::string body, std::int64_t seconds);

} // namespace hallpass::test
