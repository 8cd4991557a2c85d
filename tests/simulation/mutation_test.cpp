// The simulation with one rule of the workflow broken: it must notice, or it proves nothing.
#include "simulation/scenario.hpp"

#include <doctest/doctest.h>

#include <cstdio>

using namespace hallpass;

TEST_CASE("a workflow that " HALLPASS_MUTATION " is caught within a thousand seeds") {
    for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
        const simulation::verdict verdict = simulation::scenario(seed).run();
        if (!verdict.violations.empty()) {
            std::printf(
                HALLPASS_MUTATION ": caught by seed %llu: %s\n", static_cast<unsigned long long>(seed),
                verdict.violations.front().c_str()
            );
            return;
        }
    }
    FAIL("a thousand seeds did not notice");
}
