// How long to wait before the next attempt to connect: decorrelated jitter.
#pragma once

#include <chrono>
#include <cstdint>
#include <random>

namespace hallpass::teleport {

struct backoff_limits {
    std::chrono::milliseconds shortest{20};
    std::chrono::milliseconds longest{5000};
};

// Anything from the shortest to three times the previous delay, at most the longest. `draw` is in [0, 1].
std::chrono::milliseconds
next_delay(std::chrono::milliseconds previous, double draw, backoff_limits limits) noexcept;

class backoff {
public:
    explicit backoff(std::uint_fast32_t seed, backoff_limits limits = {});

    std::chrono::milliseconds next();
    // After a success: the next delay is short again.
    void reset() noexcept;

private:
    backoff_limits limits_;
    std::chrono::milliseconds previous_;
    std::minstd_rand random_;
};

} // namespace hallpass::teleport
