// The fault matrix: nothing lost, doubled or stale, whatever fails.
#include "figures.hpp"
#include "ordeal.hpp"
#include "scale.hpp"

#include <doctest/doctest.h>

using namespace hallpass::chaos;
using namespace std::chrono_literals;

namespace {

const service_row& slack() {
    return service_named("slack");
}

commands errors(double percent) {
    return joined({slack().errors(percent), auth_errors(percent)});
}

commands lost_answers(double percent) {
    return joined({slack().lost_answers(percent), lost_auth_answers(percent)});
}

commands slow_answers() {
    return joined({slack().slow_answers(), slow_auth_answers()});
}

void endure_and_judge(fault_mix faults, std::size_t instances, std::size_t requests, std::size_t in_full) {
    ordeal what;
    what.on = &slack();
    what.faults = std::move(faults);
    what.instances = instances;
    what.requests = scaled(requests, in_full);
    what.creating = scaled<std::chrono::milliseconds>(3s, 10s);
    what.seed = the_seed();
    endure_and_check(what);
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
    endure_and_judge(
        {.name = "Slack takes 100 calls a second", .commands = slack().rate_limit(100)}, 3, 60, 1000
    );
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
             .commands = joined({slow_answers(), errors(5), lost_answers(5), slack().rate_limit(100)}),
             .kills = true,
             .drops = true,
             .outages = {{"slack", 800ms, 1500ms}, {"auth", 1800ms, 2500ms}}},
            instances, 50, 1000
        );
    }
}
