// The check sum of ZIP and PNG.
#pragma once

#include <cstdint>
#include <string_view>

namespace hallpass::services::msteams {

inline std::uint32_t crc32_of(std::string_view bytes) noexcept {
    std::uint32_t crc = 0xFFFFFFFFU;
    for (const char c : bytes) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit) {
            crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
        }
    }
    return ~crc;
}

} // namespace hallpass::services::msteams
