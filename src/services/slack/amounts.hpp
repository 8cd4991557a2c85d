// How much of a card is shown, so that the whole stays within what Slack takes.
#pragma once

#include "services/amounts.hpp"

#include <array>
#include <cstddef>

namespace hallpass::services::slack {

// From generous to tight: the first that fits is taken.
inline constexpr std::array<amounts, 4> amounts_to_try{{
    {1500, 300, 200, 25, 10, 25, 10},
    {1000, 200, 120, 15, 6, 15, 6},
    {600, 120, 80, 10, 4, 10, 5},
    {300, 80, 60, 5, 2, 5, 3},
}};

// The whole of `blocks` as JSON, before a key is put in. Slack refuses messages near 13,200 characters,
// whatever its single limits say.
inline constexpr std::size_t blocks_bytes = 11700;

} // namespace hallpass::services::slack
