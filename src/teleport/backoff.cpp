#include "teleport/backoff.hpp"

#include <algorithm>

namespace hallpass::teleport {

std::chrono::milliseconds
next_delay(std::chrono::milliseconds previous, double draw, backoff_limits limits) noexcept {
    const auto widest = std::max(previous * 3, limits.shortest);
    const double span = static_cast<double>((widest - limits.shortest).count()) * std::clamp(draw, 0.0, 1.0);
    const std::chrono::milliseconds chosen =
        limits.shortest + std::chrono::milliseconds(static_cast<std::int64_t>(span));
    return std::min(chosen, limits.longest);
}

backoff::backoff(std::uint_fast32_t seed, backoff_limits limits)
    : limits_(limits), previous_(limits.shortest), random_(seed) {}

std::chrono::milliseconds backoff::next() {
    const double draw = std::uniform_real_distribution<double>(0.0, 1.0)(random_);
    previous_ = next_delay(previous_, draw, limits_);
    return previous_;
}

void backoff::reset() noexcept {
    previous_ = limits_.shortest;
}

} // namespace hallpass::teleport
