#include "sandbox/fault_plan.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace hallpass::sandbox;
using namespace std::chrono_literals;

namespace {

const fault_plan::steady_time start{};

fault_rule refuse_next(std::string method, unsigned n) {
    fault_rule rule;
    rule.method = std::move(method);
    rule.next = n;
    return rule;
}

} // namespace

TEST_CASE("a rule for the next calls counts only calls of its method") {
    fault_plan faults;
    faults.add(refuse_next("Ping", 2));
    CHECK_FALSE(faults.begin("GetRole", "", start).refused);
    CHECK(faults.begin("Ping", "", start).refused);
    CHECK(faults.begin("Ping", "", start).refused);
    CHECK_FALSE(faults.begin("Ping", "", start).refused);
    CHECK(faults.summary().rules.empty());
    CHECK(faults.calls().at("Ping") == 3);
}

TEST_CASE("a percentage is drawn from the seed") {
    const auto failures = [](std::uint64_t seed) {
        fault_plan faults(seed);
        fault_rule rule;
        rule.percent = 20;
        faults.add(rule);
        std::vector<bool> drawn;
        for (int i = 0; i < 1000; ++i) {
            drawn.push_back(faults.begin("Ping", "", start).refused.has_value());
        }
        return drawn;
    };
    const auto first = failures(7);
    CHECK(first == failures(7));
    CHECK(first != failures(8));
    const auto count = std::count(first.begin(), first.end(), true);
    CHECK(count > 130);
    CHECK(count < 270);
}

TEST_CASE("a rate limit counts for each channel and says how long to wait") {
    fault_plan faults;
    faults.set_rate_limit({"chat.postMessage", 1, true});
    CHECK_FALSE(faults.begin("chat.postMessage", "C1", start).retry_after);
    CHECK(faults.begin("chat.postMessage", "C1", start).retry_after == 1s);
    CHECK_FALSE(faults.begin("chat.postMessage", "C2", start).retry_after);
    CHECK_FALSE(faults.begin("chat.update", "C1", start).retry_after);
    CHECK_FALSE(faults.begin("chat.postMessage", "C1", start + 1s).retry_after);
    faults.set_rate_limit({"chat.postMessage", 0.1, false});
    CHECK_FALSE(faults.begin("chat.postMessage", "C9", start + 2s).retry_after);
    CHECK(faults.begin("chat.postMessage", "C8", start + 2s).retry_after == 10s);
}

TEST_CASE("a delay is of one method or of all") {
    fault_plan faults;
    faults.set_delay("*", 5ms);
    faults.set_delay("Ping", 10ms);
    CHECK(faults.begin("Ping", "", start).delay == 10ms);
    CHECK(faults.begin("GetRole", "", start).delay == 5ms);
    CHECK(faults.begin("GetRole", "", start).answer_delay == 0ms);
    faults.set_answer_delay("Ping", 20ms);
    CHECK(faults.begin("Ping", "", start).answer_delay == 20ms);
    CHECK(faults.begin("Ping", "", start).delay == 10ms);
    faults.clear();
    CHECK(faults.begin("Ping", "", start).delay == 0ms);
    CHECK(faults.begin("Ping", "", start).answer_delay == 0ms);
}
