#include "rig.hpp"
#include "support/eventually.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <csignal>

using namespace hallpass;
using namespace std::chrono_literals;
using test::has;

namespace {

// Posts a request, and returns while Slack keeps the answer back.
void get_stuck_in_slack(test::rig& rig) {
    rig.command("/delay", {{"method", "chat.postMessage"}, {"ms", 60'000}});
    rig.request("alice@example.com");
    test::eventually("the call is under way", [&] {
        const auto calls = rig.sandbox.control().get("/calls");
        const auto* posted = calls.as_object().if_contains("chat.postMessage");
        return posted != nullptr && posted->to_number<int>() > 0;
    });
}

} // namespace

TEST_CASE(
    "SIGTERM ends it within ten seconds while Slack hangs, and the card in doubt stays its own for a while"
) {
    test::rig rig;
    const auto hallpass = rig.start_watching();
    get_stuck_in_slack(rig);
    hallpass->program().send_signal(SIGTERM);
    CHECK(hallpass->program().wait(10s) == 0);
    CHECK(hallpass->count_of("stopped") == 1);
    CHECK(has(boost::json::serialize(rig.sandbox.control().get("/plugin-data")), instance_of(*hallpass)));
    rig.command("/faults/clear", {});
    const auto next = rig.start_watching();
    rig.wait_for_post("access-requests", "alice@example.com");
    next->program().send_signal(SIGTERM);
    CHECK(next->program().wait(10s) == 0);
}

TEST_CASE("SIGTERM ends it within ten seconds while nobody answers at all") {
    test::rig rig;
    const auto hallpass = rig.start_watching();
    get_stuck_in_slack(rig);
    rig.sandbox.program().send_signal(SIGSTOP);
    hallpass->program().send_signal(SIGTERM);
    const int status = hallpass->program().wait(10s);
    rig.sandbox.program().send_signal(SIGCONT);
    CHECK(status == 0);
    CHECK(hallpass->count_of("stopped") == 1);
}

TEST_CASE("SIGTERM ends it at once while it can't even connect") {
    test::rig rig;
    rig.sandbox.program().send_signal(SIGSTOP);
    const auto hallpass = rig.start();
    hallpass->wait_for_event("starting");
    hallpass->program().send_signal(SIGTERM);
    const int status = hallpass->program().wait(5s);
    rig.sandbox.program().send_signal(SIGCONT);
    CHECK(status == 0);
}

TEST_CASE("SIGINT twice ends it at once") {
    test::rig rig;
    const auto hallpass = rig.start_watching();
    get_stuck_in_slack(rig);
    hallpass->program().send_signal(SIGINT);
    hallpass->wait_for_event("stopping");
    hallpass->program().send_signal(SIGINT);
    CHECK(hallpass->program().wait(2s) == 130);
}
