#include "services/discord/snowflake.hpp"

#include <algorithm>
#include <charconv>

namespace hallpass::services::discord {

namespace {

constexpr std::int64_t first_millisecond = 1'420'070'400'000; // 2015-01-01
constexpr std::int64_t last_millisecond = std::int64_t{1} << 41;
constexpr unsigned bits_below = 22;
constexpr std::size_t fewest_digits = 15;

} // namespace

std::optional<std::uint64_t> parse_snowflake(std::string_view text) noexcept {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = !text.empty() && error == std::errc{} && end == text.data() + text.size();
    return whole ? std::optional(value) : std::nullopt;
}

bool is_snowflake(std::string_view text) noexcept {
    return text.size() >= fewest_digits && text.front() != '0' && parse_snowflake(text).has_value();
}

std::uint64_t first_snowflake(instant at) noexcept {
    const std::int64_t since = at.time_since_epoch().count() - first_millisecond;
    return static_cast<std::uint64_t>(std::clamp<std::int64_t>(since, 0, last_millisecond)) << bits_below;
}

} // namespace hallpass::services::discord
