#include "minted.hpp"

#include "base/base64.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <stdexcept>
#include <vector>

namespace hallpass::test {

namespace json = boost::json;

struct minting_key::inside {
    std::string algorithm;
    std::string id;
    EVP_PKEY* key = nullptr;
};

namespace {

std::string number_of(EVP_PKEY* key, const char* name, int bytes) {
    BIGNUM* number = nullptr;
    if (EVP_PKEY_get_bn_param(key, name, &number) != 1) {
        throw std::runtime_error("the key has no such number");
    }
    const int size = bytes > 0 ? bytes : BN_num_bytes(number);
    std::string out(static_cast<std::size_t>(size), '\0');
    BN_bn2binpad(number, reinterpret_cast<unsigned char*>(out.data()), size);
    BN_free(number);
    return out;
}

std::string raw_of(const std::string& der) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
    ECDSA_SIG* made = d2i_ECDSA_SIG(nullptr, &bytes, static_cast<long>(der.size()));
    std::string out(64, '\0');
    auto* to = reinterpret_cast<unsigned char*>(out.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(made), to, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(made), to + 32, 32);
    ECDSA_SIG_free(made);
    return out;
}

} // namespace

minting_key::minting_key(std::string algorithm, std::string id, unsigned rsa_bits)
    : inside_(std::make_unique<inside>()) {
    inside_->algorithm = std::move(algorithm);
    inside_->id = std::move(id);
    inside_->key = inside_->algorithm == "RS256"
                       ? EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{rsa_bits})
                       : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
    if (inside_->key == nullptr) {
        throw std::runtime_error("no key");
    }
}

minting_key::~minting_key() {
    EVP_PKEY_free(inside_->key);
}

json::object minting_key::jwk() const {
    json::object made{{"kid", inside_->id}, {"use", "sig"}};
    if (inside_->algorithm == "RS256") {
        made["kty"] = "RSA";
        made["n"] = to_base64url(number_of(inside_->key, OSSL_PKEY_PARAM_RSA_N, 0));
        made["e"] = to_base64url(number_of(inside_->key, OSSL_PKEY_PARAM_RSA_E, 0));
    } else {
        made["kty"] = "EC";
        made["crv"] = "P-256";
        made["x"] = to_base64url(number_of(inside_->key, OSSL_PKEY_PARAM_EC_PUB_X, 32));
        made["y"] = to_base64url(number_of(inside_->key, OSSL_PKEY_PARAM_EC_PUB_Y, 32));
    }
    return made;
}

json::object minting_key::key_set() const {
    return {{"keys", json::array{jwk()}}};
}

std::string minting_key::token(const json::object& claims) const {
    return token(json::object{{"alg", inside_->algorithm}, {"kid", inside_->id}}, claims);
}

std::string minting_key::token(const json::object& header, const json::object& claims) const {
    const std::string text =
        to_base64url(json::serialize(header)) + '.' + to_base64url(json::serialize(claims));
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    std::string signature(1024, '\0');
    std::size_t size = signature.size();
    const bool made = EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, inside_->key) == 1 &&
                      EVP_DigestSign(
                          context, reinterpret_cast<unsigned char*>(signature.data()), &size,
                          reinterpret_cast<const unsigned char*>(text.data()), text.size()
                      ) == 1;
    EVP_MD_CTX_free(context);
    if (!made) {
        throw std::runtime_error("no signature");
    }
    signature.resize(size);
    return text + '.' + to_base64url(inside_->algorithm == "RS256" ? signature : raw_of(signature));
}

} // namespace hallpass::test
