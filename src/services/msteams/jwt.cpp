#include "services/msteams/jwt.hpp"

#include "services/json_members.hpp"
#include "services/msteams/base64url.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <utility>

namespace hallpass::services::msteams {

namespace json = boost::json;

namespace {

constexpr std::size_t deepest = 8;
constexpr std::size_t longest_key_id = 200;
constexpr int least_bits = 2048;
constexpr int most_bits = 8192;
constexpr std::size_t longest_number = 2048; // as text

using big_number = std::unique_ptr<BIGNUM, decltype(&BN_free)>;

std::optional<json::object> read_part(std::string_view text) {
    const auto bytes = from_base64url(text);
    auto parsed = bytes ? parse_foreign(*bytes, deepest) : std::nullopt;
    if (!parsed || !parsed->is_object()) {
        return std::nullopt;
    }
    return std::move(parsed->get_object());
}

const unsigned char* bytes_of(std::string_view text) noexcept {
    return reinterpret_cast<const unsigned char*>(text.data());
}

big_number read_number(std::string_view text) {
    const auto bytes = text.size() <= longest_number ? from_base64url(text) : std::nullopt;
    if (!bytes || bytes->empty()) {
        return {nullptr, BN_free};
    }
    return {BN_bin2bn(bytes_of(*bytes), static_cast<int>(bytes->size()), nullptr), BN_free};
}

} // namespace

std::optional<jwt> read_jwt(std::string_view text) {
    const std::size_t first = text.find('.');
    const std::size_t second = first == std::string_view::npos ? first : text.find('.', first + 1);
    if (text.size() > largest_jwt || second == std::string_view::npos ||
        text.find('.', second + 1) != std::string_view::npos) {
        return std::nullopt;
    }
    const auto header = read_part(text.substr(0, first));
    auto claims = read_part(text.substr(first + 1, second - first - 1));
    auto signature = from_base64url(text.substr(second + 1));
    // "crit" would name extensions that must be understood.
    if (!header || !claims || !signature || text_of(*header, "alg") != "RS256" || header->contains("crit")) {
        return std::nullopt;
    }
    jwt made;
    made.key_id = text_of(*header, "kid");
    if (made.key_id.empty() || made.key_id.size() > longest_key_id || signature->empty()) {
        return std::nullopt;
    }
    made.claims = *std::move(claims);
    made.signed_text = text.substr(0, second);
    made.signature = *std::move(signature);
    return made;
}

std::optional<public_key> public_key::make(std::string_view modulus, std::string_view exponent) {
    const big_number n = read_number(modulus);
    const big_number e = read_number(exponent);
    if (!n || !e || BN_num_bits(n.get()) < least_bits || BN_num_bits(n.get()) > most_bits ||
        BN_num_bits(e.get()) > 64 || !BN_is_odd(e.get()) || BN_is_one(e.get())) {
        return std::nullopt;
    }
    const std::unique_ptr<OSSL_PARAM_BLD, decltype(&OSSL_PARAM_BLD_free)> builder(
        OSSL_PARAM_BLD_new(), OSSL_PARAM_BLD_free
    );
    if (!builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
        return std::nullopt;
    }
    const std::unique_ptr<OSSL_PARAM, decltype(&OSSL_PARAM_free)> parameters(
        OSSL_PARAM_BLD_to_param(builder.get()), OSSL_PARAM_free
    );
    const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
        EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr), EVP_PKEY_CTX_free
    );
    EVP_PKEY* key = nullptr;
    if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) {
        return std::nullopt;
    }
    return public_key(key);
}

bool public_key::has_signed(std::string_view text, std::string_view signature) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    return context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
           EVP_DigestVerify(
               context.get(), bytes_of(signature), signature.size(), bytes_of(text), text.size()
           ) == 1;
}

} // namespace hallpass::services::msteams
