// How much of a card is shown, so that the whole stays within what Teams takes.
#pragma once

#include "services/amounts.hpp"

#include <array>
#include <cstddef>

namespace hallpass::services::msteams {

// From generous to tight: the first that fits is taken.
inline constexpr std::array<amounts, 4> amounts_to_try{{
    {1800, 300, 200, 25, 10, 25, 10},
    {1000, 200, 120, 15, 6, 15, 8},
    {500, 120, 80, 8, 3, 8, 5},
    {200, 60, 50, 4, 2, 4, 3},
}};

// Of the card as JSON. Teams takes about 100 KB of UTF-16 now and took 28 KB before (api-messaging 4.2); with
// this both hold.
inline constexpr std::size_t card_bytes = std::size_t{13} * 1024;

} // namespace hallpass::services::msteams
