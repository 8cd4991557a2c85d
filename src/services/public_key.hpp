// Keys that signatures are verified by, as a JWK describes them (RFC 7517, 7518).
#pragma once

#include <boost/json/object.hpp>
#include <openssl/evp.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hallpass::services {

// Of one algorithm, whatever a token says: an RSA key of 2,048 to 8,192 bits for RS256, one of the curve
// P-256 for ES256.
class public_key {
public:
    // Nothing where it is none, or is for something else.
    static std::optional<public_key> make(const boost::json::object& described);

    std::string_view algorithm() const noexcept { return algorithm_; }

    bool has_signed(std::string_view text, std::string_view signature) const;

private:
    public_key(std::string_view algorithm, EVP_PKEY* key) : algorithm_(algorithm), key_(key, EVP_PKEY_free) {}

    std::string_view algorithm_;
    std::shared_ptr<EVP_PKEY> key_;
};

} // namespace hallpass::services
