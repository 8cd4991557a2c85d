#include "base/hmac.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <stdexcept>

namespace hallpass {

std::string hmac_sha256(std::string_view key, std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    const auto* const data = reinterpret_cast<const unsigned char*>(text.data());
    const unsigned char* const made =
        HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), data, text.size(), digest.data(), &size);
    if (made == nullptr) {
        throw std::runtime_error("OpenSSL can't make an HMAC");
    }
    return {reinterpret_cast<const char*>(digest.data()), size};
}

} // namespace hallpass
