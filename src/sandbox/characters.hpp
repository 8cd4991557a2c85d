// How long a text is for those who count characters.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace hallpass::sandbox {

// How many characters a UTF-8 text has.
inline std::size_t characters_in(std::string_view text) noexcept {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

} // namespace hallpass::sandbox
