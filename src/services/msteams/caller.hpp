// Whether a callback was sent by Microsoft for this bot (api-messaging 4.5).
#pragma once

#include "base/time.hpp"
#include "ports/callbacks.hpp"
#include "services/published_keys.hpp"
#include "services/signed_token.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hallpass::services::msteams {

// The token of the one Authorization header, by a named key for RS256; nothing where there is none, another,
// or more.
std::optional<signed_token> token_of(const ports::callback_request& request);

// Each says why the callback is refused, for the log only; nothing where it is good so far.
//
// By the token alone: who made it, for whom, and when. 5 minutes' difference of clocks are allowed.
std::optional<std::string_view>
refuse_claims(const signed_token& token, std::string_view issuer, const std::string& app_id, instant now);
// By its signature. `key` may be null.
std::optional<std::string_view> refuse_signature(const signed_token& token, const published_key* key);
// By what it says of the body, which it doesn't sign: the channel and the service that the activity names.
std::optional<std::string_view> refuse_activity(
    const signed_token& token,
    const published_key& key,
    std::string_view channel,
    std::string_view service_url
);

} // namespace hallpass::services::msteams
