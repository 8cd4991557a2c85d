// How much of a card is shown, so that the whole stays within what Discord takes.
#pragma once

#include "services/amounts.hpp"

#include <array>
#include <cstddef>

namespace hallpass::services::discord {

// From generous to tight: the first that fits is taken. The card has an embed of its own, of the ten.
inline constexpr std::array<amounts, 4> amounts_to_try{{
    {1800, 300, 200, 25, 10, 25, 9},
    {1000, 200, 120, 15, 6, 15, 9},
    {600, 120, 80, 10, 4, 10, 6},
    {300, 80, 60, 5, 2, 5, 3},
}};

// Discord counts characters, of which no text has more than bytes.
inline constexpr std::size_t description_bytes = 4096;
inline constexpr std::size_t field_bytes = 1024;
inline constexpr std::size_t embeds_bytes = 6000; // of all texts of all embeds

} // namespace hallpass::services::discord
