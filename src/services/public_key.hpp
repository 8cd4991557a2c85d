// Keys that signatures are verified by, as a JWK describes them (RFC 7517, 7518).
#pragma once

#include <boost/json/object.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct evp_pkey_st; // OpenSSL's

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
    public_key(std::string_view algorithm, std::shared_ptr<evp_pkey_st> key) noexcept;

    std::string_view algorithm_;
    std::shared_ptr<evp_pkey_st> key_;
};

} // namespace hallpass::services
