// What a seed decides. The same seed decides the same, on every machine.
#pragma once

#include <chrono>
#include <cstdint>

namespace hallpass::simulation {

class chance {
public:
    explicit chance(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15ULL + 0x1234567) {}

    // From 0 to below `limit`.
    std::uint64_t below(std::uint64_t limit) { return limit == 0 ? 0 : next() % limit; }

    std::chrono::milliseconds between(std::chrono::milliseconds least, std::chrono::milliseconds most) {
        return least +
               std::chrono::milliseconds(below(static_cast<std::uint64_t>((most - least).count()) + 1));
    }

    bool in_thousand(unsigned times) { return times != 0 && below(1000) < times; }

    // An independent source, so that one part's draws don't change another's.
    chance split() { return chance(next()); }

private:
    // splitmix64
    std::uint64_t next() {
        state_ += 0x9E3779B97F4A7C15ULL;
        std::uint64_t mixed = state_;
        mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBULL;
        return mixed ^ (mixed >> 31U);
    }

    std::uint64_t state_;
};

} // namespace hallpass::simulation
