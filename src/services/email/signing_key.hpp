// Signatures by the keys of a JWKS.
#pragma once

#include "base/result.hpp"

#include <boost/json/object.hpp>

#include <string_view>

namespace hallpass::services::email {

// `header` is the token's: its alg must be RS256 or ES256, and the key of its kid, or the only one where it
// names none, of that kind. not_found: there is no such key. unauthorised: the signature isn't the key's.
result<void> verify_signature(
    const boost::json::object& header,
    const boost::json::object& keys,
    std::string_view signed_text,
    std::string_view signature
);

} // namespace hallpass::services::email
