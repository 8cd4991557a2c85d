// Who may send now: the circuit breaker, and the window of an address that the service wants slower.
#include "simulation/virtual_clock.hpp"
#include "support/recorded_log.hpp"
#include "workflow/admission.hpp"

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <vector>

using namespace hallpass;
using namespace std::chrono_literals;

namespace {

struct counting_alarm final : ports::alarm {
    boost::asio::awaitable<bool> wait(std::chrono::milliseconds) override { co_return true; }

    void wake() override { ++woken; }

    int woken = 0;
};

struct fixture {
    void pass(std::chrono::milliseconds time) {
        clock.run_until([] { return false; }, time);
    }

    workflow::request_age age(int minute) const {
        return {instant{} + std::chrono::minutes(minute), "r" + std::to_string(minute)};
    }

    void fail(int times, const std::string& to = "C1") {
        for (int i = 0; i < times; ++i) {
            counting_alarm nobody;
            auto pass = gate.enter(access::address(to), age(0), nobody);
            REQUIRE(pass);
            pass->failed(fault(fault_kind::transient, "503"));
        }
    }

    boost::asio::io_context context;
    simulation::virtual_clock clock{context};
    test::recorded_log log;
    workflow::admission gate{clock, log, "slack", jitter(1)};
    access::address c1{"C1"};
};

} // namespace

TEST_CASE("while the service answers, everybody may send at once") {
    fixture f;
    counting_alarm waiting;
    std::vector<workflow::admission::pass> passes;
    for (int i = 0; i < 500; ++i) {
        auto pass = f.gate.enter(f.c1, f.age(500 - i), waiting);
        REQUIRE(pass);
        passes.push_back(std::move(*pass));
    }
    CHECK(f.gate.waiting() == 0);
}

TEST_CASE("five failures in a row open the breaker, and the oldest request finds out when it may close") {
    fixture f;
    f.fail(5);
    CHECK(f.gate.is_open());
    CHECK(f.gate.why_open() == "503");
    CHECK(f.log.has("service_down"));
    counting_alarm younger;
    counting_alarm older;
    CHECK_FALSE(f.gate.enter(f.c1, f.age(2), younger));
    CHECK_FALSE(f.gate.enter(access::address("C2"), f.age(1), older));
    CHECK_FALSE(f.gate.ask_again(f.c1, f.age(2)));
    CHECK(f.gate.ask_again(access::address("C2"), f.age(1)) == f.gate.open_until());
    f.pass(5s);
    CHECK_FALSE(f.gate.enter(f.c1, f.age(2), younger));
    auto probe = f.gate.enter(access::address("C2"), f.age(1), older);
    REQUIRE(probe);
    CHECK_FALSE(f.gate.enter(f.c1, f.age(2), younger));
    const int before = younger.woken;
    probe->succeeded();
    CHECK_FALSE(f.gate.is_open());
    CHECK(younger.woken == before + 1);
    CHECK(f.gate.enter(f.c1, f.age(2), younger));
    CHECK(f.log.has("service_back"));
}

TEST_CASE("a probe that fails keeps the breaker open for longer, at most half a minute") {
    fixture f;
    f.fail(5);
    counting_alarm waiting;
    for (int i = 0; i < 50; ++i) {
        if (auto probe = f.gate.enter(f.c1, f.age(1), waiting)) {
            probe->failed(fault(fault_kind::transient, "503"));
        } else {
            const auto again = f.gate.ask_again(f.c1, f.age(1));
            REQUIRE(again);
            REQUIRE(*again > f.clock.now());
            REQUIRE(*again <= f.clock.now() + 30s);
            f.pass(*again - f.clock.now());
        }
    }
    CHECK(f.gate.is_open());
}

TEST_CASE("a success between failures keeps the breaker closed, and so does a refusal") {
    fixture f;
    counting_alarm waiting;
    for (int i = 0; i < 10; ++i) {
        f.fail(4);
        auto pass = f.gate.enter(f.c1, f.age(1), waiting);
        REQUIRE(pass);
        if (i % 2 == 0) {
            pass->succeeded();
        } else {
            pass->failed(fault(fault_kind::permanent, "channel_not_found"));
        }
    }
    CHECK_FALSE(f.gate.is_open());
}

TEST_CASE("where the oldest leaves the line, the next one learns that it is its turn") {
    fixture f;
    f.fail(5);
    counting_alarm older;
    counting_alarm younger;
    CHECK_FALSE(f.gate.enter(f.c1, f.age(1), older));
    CHECK_FALSE(f.gate.enter(f.c1, f.age(2), younger));
    f.gate.leave(f.c1, f.age(1));
    CHECK(younger.woken == 1);
    CHECK(f.gate.ask_again(f.c1, f.age(2)) == f.gate.open_until());
}

TEST_CASE("an address that is limited is served more slowly, in order of age, and the others are not") {
    fixture f;
    counting_alarm waiting;
    std::vector<workflow::admission::pass> passes;
    for (int i = 0; i < 8; ++i) {
        passes.push_back(std::move(*f.gate.enter(f.c1, f.age(i), waiting)));
    }
    fault limited(fault_kind::rate_limited, "429");
    limited.set_retry_after(3s);
    for (auto& one : passes) {
        one.failed(limited);
    }
    CHECK_FALSE(f.gate.is_open());
    counting_alarm first;
    counting_alarm second;
    CHECK_FALSE(f.gate.enter(f.c1, f.age(11), second));
    CHECK_FALSE(f.gate.enter(f.c1, f.age(10), first));
    CHECK(f.gate.enter(access::address("C2"), f.age(12), waiting));
    CHECK(f.gate.ask_again(f.c1, f.age(10)) == f.clock.now() + 3s);
    CHECK_FALSE(f.gate.ask_again(f.c1, f.age(11)));
    f.pass(3s);
    CHECK_FALSE(f.gate.enter(f.c1, f.age(11), second));
    CHECK(f.gate.enter(f.c1, f.age(10), first));
    CHECK(second.woken > 0);
}

TEST_CASE("after a minute without a limit an address is served at full speed again") {
    fixture f;
    counting_alarm waiting;
    f.gate.enter(f.c1, f.age(1), waiting)->failed(fault(fault_kind::rate_limited, "429"));
    f.pass(2s);
    auto one = f.gate.enter(f.c1, f.age(1), waiting);
    REQUIRE(one);
    CHECK_FALSE(f.gate.enter(f.c1, f.age(2), waiting));
    f.pass(61s);
    CHECK(f.gate.enter(f.c1, f.age(3), waiting));
}
