// The signed tokens that come with Microsoft's calls (RFC 7515, 7517, 7519), of the one algorithm that it
// uses.
#pragma once

#include <boost/json/object.hpp>
#include <openssl/evp.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hallpass::services::msteams {

inline constexpr std::size_t largest_jwt = std::size_t{8} * 1024;

// Parsed, and nothing of it verified.
struct jwt {
    std::string key_id;
    boost::json::object claims;
    std::string signed_text;
    std::string signature;
};

// Nothing where it isn't one in compact form, signed by RS256 with a named key.
std::optional<jwt> read_jwt(std::string_view text);

// An RSA key for RS256.
class public_key {
public:
    // From a JWK's modulus and exponent. Nothing where they are none, or of less than 2,048 or more than
    // 8,192 bits.
    static std::optional<public_key> make(std::string_view modulus, std::string_view exponent);

    bool has_signed(std::string_view text, std::string_view signature) const;

private:
    explicit public_key(EVP_PKEY* key) : key_(key, EVP_PKEY_free) {}

    std::shared_ptr<EVP_PKEY> key_;
};

} // namespace hallpass::services::msteams
