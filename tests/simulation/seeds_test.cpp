// Thousands of worlds, each fixed by its seed, in which everything goes wrong; the promises are kept in all
// of them. HALLPASS_SEEDS says how many, HALLPASS_FIRST_SEED where to begin; HALLPASS_SEED replays one, with
// all that happens.
#include "simulation/scenario.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

using namespace hallpass;

namespace {

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
    const char* text = std::getenv(variable);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

std::string explained(std::uint64_t seed, const simulation::verdict& verdict) {
    std::string all = "seed " + std::to_string(seed) + "\n";
    for (std::size_t i = 0; i < verdict.violations.size() && i < 6; ++i) {
        all += "  " + verdict.violations[i] + "\n";
    }
    return all + verdict.trace + "replay with HALLPASS_SEED=" + std::to_string(seed);
}

} // namespace

TEST_CASE("P1 P2 P5 whatever goes wrong, nothing is lost, nothing doubled and nothing stale in the end") {
    if (const std::uint64_t seed = number_from("HALLPASS_SEED", 0); seed != 0) {
        const simulation::verdict verdict = simulation::scenario(seed, true).run();
        CHECK_MESSAGE(verdict.violations.empty(), explained(seed, verdict));
        return;
    }
    const std::uint64_t first = number_from("HALLPASS_FIRST_SEED", 1);
    const std::uint64_t count = number_from("HALLPASS_SEEDS", HALLPASS_DEFAULT_SEEDS);
    const auto begun = std::chrono::steady_clock::now();
    std::uint64_t failed = 0;
    simulation::verdict total;
    for (std::uint64_t seed = first; seed < first + count && failed < 5; ++seed) {
        const simulation::verdict verdict = simulation::scenario(seed).run();
        failed += verdict.violations.empty() ? 0U : 1U;
        CHECK_MESSAGE(verdict.violations.empty(), explained(seed, verdict));
        total.requests += verdict.requests;
        total.messages += verdict.messages;
        total.crashes += verdict.crashes;
    }
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begun;
    std::printf(
        "%llu seeds: %zu requests, %zu messages, %zu restarts, in %.1f s\n",
        static_cast<unsigned long long>(count), total.requests, total.messages, total.crashes, taken.count()
    );
}
