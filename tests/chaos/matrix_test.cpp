// The fault matrix: nothing lost, doubled or stale, whatever fails.
#include "ordeal.hpp"
#include "scale.hpp"

#include <doctest/doctest.h>

#include <cstdio>

using namespace hallpass::chaos;
using namespace std::chrono_literals;

namespace {

using commands = std::vector<std::pair<std::string, boost::json::object>>;

commands errors(double percent) {
    return {
        {"/fail", {{"side", "slack"}, {"status", 500}, {"percent", percent}}},
        {"/fail", {{"side", "auth"}, {"code", "UNAVAILABLE"}, {"percent", percent}}}};
}

commands lost_answers(double percent) {
    return {
        {"/lose", {{"side", "slack"}, {"percent", percent}}},
        {"/lose", {{"side", "auth"}, {"percent", percent}}}};
}

// As far away as real services are, so that a kill finds work under way. The work is done at once and only
// its answer takes that long: what a dead process has sent has arrived.
commands slow_answers() {
    return {
        {"/delay", {{"side", "slack"}, {"ms", 60}, {"answer", true}}},
        {"/delay", {{"side", "auth"}, {"ms", 5}, {"answer", true}}}};
}

commands rate_limit() {
    return {{"/rate-limit", {{"side", "slack"}, {"per_second", 100}}}};
}

commands joined(std::vector<commands> all) {
    commands whole;
    for (const commands& some : all) {
        whole.insert(whole.end(), some.begin(), some.end());
    }
    return whole;
}

void print(const ordeal& what, const ordeal_result& ended) {
    static const bool headed = [] {
        std::printf("| faults | instances | requests | kills | messages | under faults, s | until quiet, s "
                    "| lost | doubled | stale | still claimed |\n"
                    "|---|---|---|---|---|---|---|---|---|---|---|\n");
        return true;
    }();
    static_cast<void>(headed);
    std::printf(
        "| %s | %zu | %zu | %zu | %zu | %.1f | %.1f | %zu | %zu | %zu | %zu |\n", what.faults.name.c_str(),
        what.instances, what.requests, ended.kills, ended.messages,
        static_cast<double>(ended.under_faults.count()) / 1000,
        static_cast<double>(ended.until_quiet.count()) / 1000, ended.found.lost.size(),
        ended.found.doubled.size(), ended.found.stale.size(), ended.found.claimed.size()
    );
    std::fflush(stdout);
}

void endure_and_judge(fault_mix faults, std::size_t instances, std::size_t requests, std::size_t in_full) {
    ordeal what;
    what.faults = std::move(faults);
    what.instances = instances;
    what.requests = scaled(requests, in_full);
    what.creating = scaled<std::chrono::milliseconds>(3s, 10s);
    what.seed = the_seed();
    const ordeal_result ended = endure(what);
    print(what, ended);
    INFO("HALLPASS_CHAOS_SEED=", what.seed, "\n", ended.evidence);
    CHECK(ended.quiet);
    CHECK(ended.found.lost.size() == 0);
    CHECK(ended.found.doubled.size() == 0);
    CHECK(ended.found.stale.size() == 0);
    CHECK(ended.found.claimed.size() == 0);
}

void endure_alone_and_together(const fault_mix& faults) {
    for (const std::size_t instances : {std::size_t{1}, std::size_t{3}}) {
        endure_and_judge(faults, instances, 150, 1000);
    }
}

} // namespace

TEST_CASE("without faults everybody is told everything once") {
    endure_and_judge({.name = "none"}, 3, 150, 1000);
}

TEST_CASE("an instance that is killed again and again loses and doubles nothing") {
    endure_alone_and_together(
        {.name = "SIGKILL every 200 to 500 ms", .commands = slow_answers(), .kills = true}
    );
}

TEST_CASE("what happens while watch streams drop is told all the same") {
    endure_alone_and_together({.name = "watch streams dropped", .drops = true});
}

TEST_CASE("an answer that is lost makes nothing come twice") {
    endure_alone_and_together(
        {.name = "10 % of answers lost, Slack's and Auth's", .commands = lost_answers(10)}
    );
}

TEST_CASE("calls that fail are made again until they succeed") {
    endure_alone_and_together({.name = "5 % errors, Slack's and Auth's", .commands = errors(5)});
}

TEST_CASE("a rate limit makes messages late and nothing else") {
    endure_and_judge({.name = "Slack takes 100 calls a second", .commands = rate_limit()}, 3, 60, 1000);
}

TEST_CASE("Slack may be down for a while") {
    endure_alone_and_together({.name = "Slack down for 2 s", .outages = {{"slack", 500ms, 2500ms}}});
}

TEST_CASE("the Auth Service may be down for a while") {
    endure_alone_and_together({.name = "Auth down for 2 s", .outages = {{"auth", 500ms, 2500ms}}});
}

TEST_CASE("everything may fail at once") {
    for (const std::size_t instances : {std::size_t{1}, std::size_t{3}}) {
        endure_and_judge(
            {.name = "all of these together",
             .commands = joined({slow_answers(), errors(5), lost_answers(5), rate_limit()}),
             .kills = true,
             .drops = true,
             .outages = {{"slack", 800ms, 1500ms}, {"auth", 1800ms, 2500ms}}},
            instances, 50, 1000
        );
    }
}
