#include "services/base64.hpp"

#include <cstddef>
#include <cstdint>

namespace hallpass::services {

std::string to_base64(std::string_view bytes) {
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::string_view three = bytes.substr(i, 3);
        std::uint32_t bits = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            bits = (bits << 8U) | (k < three.size() ? static_cast<unsigned char>(three[k]) : 0U);
        }
        for (std::size_t k = 0; k < 4; ++k) {
            out += k <= three.size() ? letters[(bits >> (18U - 6U * k)) & 63U] : '=';
        }
    }
    return out;
}

} // namespace hallpass::services
