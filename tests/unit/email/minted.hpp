// An OpenID provider's keys and tokens, made by the test with OpenSSL.
#pragma once

#include <boost/json/object.hpp>

#include <memory>
#include <string>

namespace hallpass::test {

class minting_key {
public:
    // "RS256" or "ES256".
    minting_key(std::string algorithm, std::string id, unsigned rsa_bits = 2048);
    ~minting_key();
    minting_key(const minting_key&) = delete;
    minting_key& operator=(const minting_key&) = delete;

    boost::json::object jwk() const;
    boost::json::object key_set() const;
    std::string token(const boost::json::object& claims) const;
    std::string token(const boost::json::object& header, const boost::json::object& claims) const;

private:
    struct inside;
    std::unique_ptr<inside> inside_;
};

} // namespace hallpass::test
