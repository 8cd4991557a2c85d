// Discord's ids: numbers that hold the time when they were made (api-messaging 2.1).
#pragma once

#include "base/time.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace hallpass::services::discord {

std::optional<std::uint64_t> parse_snowflake(std::string_view text) noexcept;

// Long enough to be an id, and not a number that somebody wrote.
bool is_snowflake(std::string_view text) noexcept;

// Smaller than any id that is made from then on.
std::uint64_t first_snowflake(instant at) noexcept;

} // namespace hallpass::services::discord
