// Decorrelated jitter: each wait is drawn between the base and three times the one before it, up to the cap.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>

namespace hallpass::workflow {

// One source of chance for a whole workflow, so that a simulation with the same seed waits the same.
class jitter {
public:
    explicit jitter(std::uint64_t seed) : engine_(seed) {}

    std::chrono::milliseconds
    next(std::chrono::milliseconds previous, std::chrono::milliseconds base, std::chrono::milliseconds cap) {
        const auto most = std::max(base, previous * 3);
        std::uniform_int_distribution<std::int64_t> draw(base.count(), most.count());
        return std::min(cap, std::chrono::milliseconds(draw(engine_)));
    }

private:
    std::mt19937_64 engine_;
};

} // namespace hallpass::workflow
