#include "services/msteams/proof.hpp"

#include "services/msteams/base64url.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <stdexcept>

namespace hallpass::services::msteams {

std::string prove(const secret& app_secret, std::string_view request_id) {
    constexpr std::size_t kept = 16; // bytes
    // For this one use of the secret.
    const std::string text = "hallpass card action 1:" + std::string(request_id);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    const std::string_view key = app_secret.reveal();
    const auto* const data = reinterpret_cast<const unsigned char*>(text.data());
    if (HMAC(
            EVP_sha256(), key.data(), static_cast<int>(key.size()), data, text.size(), digest.data(), &length
        ) == nullptr ||
        length < kept) {
        throw std::runtime_error("OpenSSL makes no HMAC");
    }
    return to_base64url({reinterpret_cast<const char*>(digest.data()), kept});
}

} // namespace hallpass::services::msteams
