// An OpenID provider's word for who somebody is (OpenID Connect Core 1.0, 2 and 3.1.3.7; RFC 7515, 7517,
// 7518).
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "services/published_keys.hpp"
#include "services/signed_token.hpp"

#include <string>
#include <string_view>

namespace hallpass::services::email {

struct proved_person {
    std::string subject;
    std::string email; // in lower case
    bool email_verified = false;
};

struct expected_token {
    std::string issuer;
    std::string client_id;
    std::string nonce;
    instant now{};
};

// By RS256 or ES256 alone. `key` may be null: no such key is published. unauthorised: it proves nothing, and
// why.
result<proved_person>
verify_id_token(const signed_token& token, const published_key* key, const expected_token& expected);

// unauthorised: it is none, or by an algorithm that isn't taken.
result<signed_token> read_id_token(std::string_view text);

} // namespace hallpass::services::email
