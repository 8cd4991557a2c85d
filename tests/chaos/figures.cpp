#include "figures.hpp"

#include <doctest/doctest.h>

#include <cstdio>

namespace hallpass::chaos {

namespace {

double in_seconds(std::chrono::milliseconds time) {
    return static_cast<double>(time.count()) / 1000;
}

void print(const ordeal& what, const ordeal_result& ended) {
    static const bool headed = [] {
        std::printf("| service | faults | instances | requests | kills | messages | under faults, s "
                    "| until quiet, s | lost | doubled | stale | still claimed | uncertain |\n"
                    "|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
        return true;
    }();
    static_cast<void>(headed);
    std::printf(
        "| %s | %s | %zu | %zu | %zu | %zu | %.1f | %.1f | %zu | %zu | %zu | %zu | %zu |\n",
        what.on->title.c_str(), what.faults.name.c_str(), what.instances, what.requests, ended.kills,
        ended.messages, in_seconds(ended.under_faults), in_seconds(ended.until_quiet),
        ended.found.lost.size(), ended.found.doubled.size(), ended.found.stale.size(),
        ended.found.claimed.size(), ended.found.foretold
    );
    std::fflush(stdout);
}

} // namespace

void endure_and_check(const ordeal& what) {
    const ordeal_result ended = endure(what);
    print(what, ended);
    INFO("HALLPASS_CHAOS_SEED=", what.seed, "\n", ended.evidence);
    CHECK(ended.quiet);
    CHECK(ended.found.lost.size() == 0);
    CHECK(ended.found.doubled.size() == 0);
    CHECK(ended.found.stale.size() == 0);
    CHECK(ended.found.claimed.size() == 0);
}

commands joined(std::vector<commands> all) {
    commands whole;
    for (const commands& some : all) {
        whole.insert(whole.end(), some.begin(), some.end());
    }
    return whole;
}

commands auth_errors(double percent) {
    return {{"/fail", {{"side", "auth"}, {"code", "UNAVAILABLE"}, {"percent", percent}}}};
}

commands lost_auth_answers(double percent) {
    return {{"/lose", {{"side", "auth"}, {"percent", percent}}}};
}

commands slow_auth_answers() {
    return {{"/delay", {{"side", "auth"}, {"ms", 5}, {"answer", true}}}};
}

} // namespace hallpass::chaos
