#include "sandbox/msteams/signer.hpp"

#include "base/base64.hpp"
#include "sandbox/random_id.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/rsa.h>

#include <stdexcept>
#include <string_view>
#include <vector>

namespace hallpass::sandbox::msteams {

namespace json = boost::json;

namespace {

std::string number_of(EVP_PKEY* key, const char* name) {
    BIGNUM* number = nullptr;
    if (EVP_PKEY_get_bn_param(key, name, &number) != 1) {
        throw std::runtime_error("the key has no such number");
    }
    std::vector<unsigned char> bytes(static_cast<std::size_t>(BN_num_bytes(number)));
    BN_bn2bin(number, bytes.data());
    BN_free(number);
    return to_base64url({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

} // namespace

signer::named_key signer::make() {
    EVP_PKEY* made = EVP_RSA_gen(2048);
    if (made == nullptr) {
        throw std::runtime_error("no key could be made");
    }
    return {random_uuid(), std::shared_ptr<EVP_PKEY>(made, free_key())};
}

signer::signer() : newest_(make()), unpublished_(make()), old_(make()) {
    unpublished_.id = newest_.id;
}

void signer::roll() {
    old_ = newest_;
    newest_ = make();
    unpublished_.id = newest_.id;
}

std::string signer::sign(const json::object& claims, with key) const {
    const named_key& by = key == with::newest ? newest_ : key == with::old_key ? old_ : unpublished_;
    const json::object header{{"alg", "RS256"}, {"kid", by.id}, {"typ", "JWT"}};
    const std::string text =
        to_base64url(json::serialize(header)) + '.' + to_base64url(json::serialize(claims));
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    std::vector<unsigned char> signature(512);
    std::size_t size = signature.size();
    if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, by.key.get()) != 1 ||
        EVP_DigestSign(
            context.get(), signature.data(), &size, reinterpret_cast<const unsigned char*>(text.data()),
            text.size()
        ) != 1) {
        throw std::runtime_error("the token could not be signed");
    }
    return text + '.' + to_base64url({reinterpret_cast<const char*>(signature.data()), size});
}

json::object signer::published() const {
    json::object key{
        {"kty", "RSA"},
        {"use", "sig"},
        {"kid", newest_.id},
        {"n", number_of(newest_.key.get(), OSSL_PKEY_PARAM_RSA_N)},
        {"e", number_of(newest_.key.get(), OSSL_PKEY_PARAM_RSA_E)},
        {"endorsements", json::array{"msteams", "webchat"}}};
    json::object skype = key;
    skype["kid"] = newest_.id + "-skype";
    skype["endorsements"] = json::array{"skype"};
    return json::object{{"keys", json::array{std::move(key), std::move(skype)}}};
}

} // namespace hallpass::sandbox::msteams
