// The keys by which the simulated Microsoft signs what it sends, and the document that names them.
#pragma once

#include <boost/json/object.hpp>
#include <openssl/evp.h>

#include <memory>
#include <string>

namespace hallpass::sandbox::msteams {

class signer {
public:
    signer();

    // From now on another key signs; the old one is no longer published.
    void roll();

    // A JWT by the newest key, by one that was never published, or by the one before the last roll().
    enum class with { newest, unknown_key, old_key };
    std::string sign(const boost::json::object& claims, with key = with::newest) const;

    boost::json::object published() const; // a JWKS

private:
    struct free_key {
        void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    };

    struct named_key {
        std::string id;
        std::shared_ptr<EVP_PKEY> key;
    };

    static named_key make();

    named_key newest_;
    named_key unpublished_; // it takes the newest's name
    named_key old_;
};

} // namespace hallpass::sandbox::msteams
