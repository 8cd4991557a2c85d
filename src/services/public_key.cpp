#include "services/public_key.hpp"

#include "base/base64.hpp"
#include "services/json_members.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <utility>

namespace hallpass::services {

namespace json = boost::json;

namespace {

constexpr std::string_view by_rsa = "RS256";
constexpr std::string_view by_curve = "ES256";

template <auto Free>
struct freed {
    template <class T>
    void operator()(T* one) const noexcept {
        Free(one);
    }
};

using key_context = std::unique_ptr<EVP_PKEY_CTX, freed<EVP_PKEY_CTX_free>>;
using digest_context = std::unique_ptr<EVP_MD_CTX, freed<EVP_MD_CTX_free>>;
using number = std::unique_ptr<BIGNUM, freed<BN_free>>;
using builder = std::unique_ptr<OSSL_PARAM_BLD, freed<OSSL_PARAM_BLD_free>>;
using parameters = std::unique_ptr<OSSL_PARAM, freed<OSSL_PARAM_free>>;
using ecdsa_signature = std::unique_ptr<ECDSA_SIG, freed<ECDSA_SIG_free>>;

constexpr int least_rsa_bits = 2048;
constexpr int most_rsa_bits = 8192;
constexpr std::size_t coordinate_bytes = 32;

const unsigned char* bytes_of(std::string_view text) noexcept {
    return reinterpret_cast<const unsigned char*>(text.data());
}

number number_of(std::string_view bytes) {
    return number(BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr));
}

EVP_PKEY* build(const char* kind, OSSL_PARAM_BLD* from) {
    const parameters made(OSSL_PARAM_BLD_to_param(from));
    const key_context context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
    EVP_PKEY* key = nullptr;
    if (!made || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, made.get()) != 1) {
        return nullptr;
    }
    return key;
}

EVP_PKEY* rsa_key(const json::object& from) {
    const auto modulus = from_base64url(text_of(from, "n"));
    const auto exponent = from_base64url(text_of(from, "e"));
    const builder made(OSSL_PARAM_BLD_new());
    if (!modulus || !exponent || exponent->size() > 8 || modulus->size() > most_rsa_bits / 8 || !made) {
        return nullptr;
    }
    const number n = number_of(*modulus);
    const number e = number_of(*exponent);
    if (!n || !e || BN_num_bits(n.get()) < least_rsa_bits || !BN_is_odd(e.get()) || BN_is_one(e.get()) ||
        OSSL_PARAM_BLD_push_BN(made.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
        OSSL_PARAM_BLD_push_BN(made.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
        return nullptr;
    }
    return build("RSA", made.get());
}

EVP_PKEY* ec_key(const json::object& from) {
    const auto x = from_base64url(text_of(from, "x"));
    const auto y = from_base64url(text_of(from, "y"));
    const builder made(OSSL_PARAM_BLD_new());
    if (text_of(from, "crv") != "P-256" || !x || !y || x->size() != coordinate_bytes ||
        y->size() != coordinate_bytes || !made) {
        return nullptr;
    }
    const std::string point = '\x04' + *x + *y;
    if (OSSL_PARAM_BLD_push_utf8_string(made.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) != 1 ||
        OSSL_PARAM_BLD_push_octet_string(made.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) !=
            1) {
        return nullptr;
    }
    return build("EC", made.get());
}

// From r and s one behind the other (RFC 7518, 3.4) to what OpenSSL reads.
std::string as_der(std::string_view raw) {
    if (raw.size() != 2 * coordinate_bytes) {
        return "";
    }
    const ecdsa_signature made(ECDSA_SIG_new());
    number r = number_of(raw.substr(0, coordinate_bytes));
    number s = number_of(raw.substr(coordinate_bytes));
    if (!made || !r || !s || ECDSA_SIG_set0(made.get(), r.get(), s.get()) != 1) {
        return "";
    }
    static_cast<void>(r.release());
    static_cast<void>(s.release());
    unsigned char* bytes = nullptr;
    const int size = i2d_ECDSA_SIG(made.get(), &bytes);
    std::string der(reinterpret_cast<const char*>(bytes), size > 0 ? static_cast<std::size_t>(size) : 0);
    OPENSSL_free(bytes);
    return der;
}

} // namespace

public_key::public_key(std::string_view algorithm, std::shared_ptr<evp_pkey_st> key) noexcept
    : algorithm_(algorithm), key_(std::move(key)) {}

std::optional<public_key> public_key::make(const json::object& described) {
    const std::string_view kind = text_of(described, "kty");
    const std::string_view algorithm = kind == "RSA" ? by_rsa : kind == "EC" ? by_curve : "";
    const std::string_view use = text_of(described, "use");
    const std::string_view own = text_of(described, "alg");
    if (algorithm.empty() || (!use.empty() && use != "sig") || (!own.empty() && own != algorithm)) {
        return std::nullopt;
    }
    EVP_PKEY* key = algorithm == by_rsa ? rsa_key(described) : ec_key(described);
    if (key == nullptr) {
        return std::nullopt;
    }
    return public_key(algorithm, std::shared_ptr<evp_pkey_st>(key, EVP_PKEY_free));
}

bool public_key::has_signed(std::string_view text, std::string_view signature) const {
    const std::string wanted = algorithm_ == by_curve ? as_der(signature) : std::string(signature);
    const digest_context context(EVP_MD_CTX_new());
    return context && !wanted.empty() &&
           EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
           EVP_DigestVerify(context.get(), bytes_of(wanted), wanted.size(), bytes_of(text), text.size()) == 1;
}

} // namespace hallpass::services
