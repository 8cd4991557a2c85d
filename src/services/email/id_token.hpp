// An OpenID provider's word for who somebody is (OpenID Connect Core 1.0, 2 and 3.1.3.7; RFC 7515, 7517,
// 7518).
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"

#include <boost/json/object.hpp>

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

// `keys` is the provider's set (a JWKS). RS256 and ES256 alone, with a key of that kind that the header
// names. not_found: the set has no such key, so it may have been renewed. unauthorised: it proves nothing,
// and why.
result<proved_person>
verify_id_token(std::string_view token, const boost::json::object& keys, const expected_token& expected);

} // namespace hallpass::services::email
