#include "sandbox/discord_signing.hpp"

#include "base/text.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <stdexcept>

namespace hallpass::sandbox {

namespace {

constexpr std::size_t seed_bytes = 32;
constexpr std::size_t signature_bytes = 64;

std::string hex_of(const unsigned char* bytes, std::size_t size) {
    return to_hex({reinterpret_cast<const char*>(bytes), size});
}

std::string random_seed() {
    std::array<unsigned char, seed_bytes> seed{};
    if (RAND_bytes(seed.data(), static_cast<int>(seed.size())) != 1) {
        throw std::runtime_error("OpenSSL has no random bytes");
    }
    return {reinterpret_cast<const char*>(seed.data()), seed.size()};
}

} // namespace

struct discord_signing_key::hidden {
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{nullptr, EVP_PKEY_free};
};

discord_signing_key::discord_signing_key() : discord_signing_key(random_seed()) {}

discord_signing_key::discord_signing_key(std::string_view seed) : inside_(std::make_unique<hidden>()) {
    inside_->key.reset(EVP_PKEY_new_raw_private_key(
        EVP_PKEY_ED25519, nullptr, reinterpret_cast<const unsigned char*>(seed.data()), seed.size()
    ));
    if (!inside_->key) {
        throw std::runtime_error("OpenSSL makes no Ed25519 key");
    }
}

discord_signing_key::~discord_signing_key() = default;

std::string discord_signing_key::public_key() const {
    std::array<unsigned char, seed_bytes> bytes{};
    std::size_t size = bytes.size();
    EVP_PKEY_get_raw_public_key(inside_->key.get(), bytes.data(), &size);
    return hex_of(bytes.data(), size);
}

std::string discord_signing_key::sign(std::string_view timestamp, std::string_view body) const {
    const std::string message = std::string(timestamp).append(body);
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    std::array<unsigned char, signature_bytes> made{};
    std::size_t size = made.size();
    if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, inside_->key.get()) != 1 ||
        EVP_DigestSign(
            context.get(), made.data(), &size, reinterpret_cast<const unsigned char*>(message.data()),
            message.size()
        ) != 1) {
        throw std::runtime_error("OpenSSL doesn't sign");
    }
    return hex_of(made.data(), size);
}

} // namespace hallpass::sandbox
