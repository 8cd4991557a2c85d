#include "services/seal.hpp"

#include "base/base64.hpp"
#include "base/hmac.hpp"
#include "base/text.hpp"

#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <array>
#include <cstddef>
#include <memory>
#include <stdexcept>

namespace hallpass::services {

namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::size_t mark_characters = 43; // 32 bytes

// OpenSSL takes what it only reads as not const.
OSSL_PARAM octets(const char* name, std::string_view value) {
    return OSSL_PARAM_construct_octet_string(name, const_cast<char*>(value.data()), value.size());
}

secret derive(std::string_view from, std::string_view label) {
    const std::unique_ptr<EVP_KDF, decltype(&EVP_KDF_free)> kind(
        EVP_KDF_fetch(nullptr, "HKDF", nullptr), EVP_KDF_free
    );
    const std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context(
        EVP_KDF_CTX_new(kind.get()), EVP_KDF_CTX_free
    );
    std::string digest = "SHA256";
    const std::array<OSSL_PARAM, 4> parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), digest.size()),
        octets(OSSL_KDF_PARAM_KEY, from), octets(OSSL_KDF_PARAM_INFO, label), OSSL_PARAM_construct_end()};
    std::array<unsigned char, key_bytes> made{};
    if (!context || EVP_KDF_derive(context.get(), made.data(), made.size(), parameters.data()) != 1) {
        throw std::runtime_error("OpenSSL can't derive a key by HKDF");
    }
    return secret(std::string(reinterpret_cast<const char*>(made.data()), made.size()));
}

} // namespace

seal::seal(const secret& from, std::string_view label) : key_(derive(from.reveal(), label)) {}

std::string seal::mark(std::string_view use, std::initializer_list<std::string_view> parts) const {
    // Each part behind its length.
    std::string base = std::to_string(use.size()).append(":").append(use);
    for (const std::string_view part : parts) {
        base.append(std::to_string(part.size())).append(":").append(part);
    }
    return to_base64url(hmac_sha256(key_.reveal(), base));
}

std::string seal::sealed(std::string_view use, std::string_view text) const {
    return mark(use, {text}).append(text);
}

std::optional<std::string_view> seal::opened(std::string_view use, std::string_view sealed) const {
    if (sealed.size() < mark_characters) {
        return std::nullopt;
    }
    const std::string_view text = sealed.substr(mark_characters);
    const std::string wanted = mark(use, {text});
    const bool right = equal_in_constant_time(wanted, sealed.substr(0, mark_characters));
    return right ? std::optional(text) : std::nullopt;
}

std::string random_word() {
    std::array<unsigned char, key_bytes> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
        throw std::runtime_error("OpenSSL has no random bytes");
    }
    return to_base64url({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

} // namespace hallpass::services
