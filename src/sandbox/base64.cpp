#include "sandbox/base64.hpp"

#include <openssl/evp.h>

namespace hallpass::sandbox {

std::string to_base64(std::string_view bytes) {
    std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0'); // OpenSSL ends it with a NUL
    const int size = EVP_EncodeBlock(
        reinterpret_cast<unsigned char*>(out.data()), reinterpret_cast<const unsigned char*>(bytes.data()),
        static_cast<int>(bytes.size())
    );
    out.resize(static_cast<std::size_t>(size));
    return out;
}

std::string to_base64url(std::string_view bytes) {
    std::string out = to_base64(bytes);
    while (out.ends_with('=')) {
        out.pop_back();
    }
    for (char& c : out) {
        c = c == '+' ? '-' : c == '/' ? '_' : c;
    }
    return out;
}

} // namespace hallpass::sandbox
