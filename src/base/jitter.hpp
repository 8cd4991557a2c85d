// Waits between attempts: decorrelated jitter, so that many who failed together don't come back together.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>

namespace hallpass {

// One source of chance for many waits: with the same seed a simulation waits the same.
class jitter {
public:
    explicit jitter(std::uint_fast32_t seed) : engine_(seed) {}

    // Anything from the shortest to three times the previous wait, at most the longest.
    std::chrono::milliseconds next(
        std::chrono::milliseconds previous,
        std::chrono::milliseconds shortest,
        std::chrono::milliseconds longest
    ) {
        const auto widest = std::max(shortest, previous * 3);
        std::uniform_int_distribution<std::int64_t> draw(shortest.count(), widest.count());
        return std::min(longest, std::chrono::milliseconds(draw(engine_)));
    }

private:
    std::minstd_rand engine_;
};

} // namespace hallpass
