#include "teleport/backoff.hpp"

#include <doctest/doctest.h>

using namespace hallpass::teleport;
using namespace std::chrono_literals;

TEST_CASE("a delay lies between the shortest and three times the previous one") {
    const backoff_limits limits;
    CHECK(next_delay(20ms, 0.0, limits) == 20ms);
    CHECK(next_delay(20ms, 1.0, limits) == 60ms);
    CHECK(next_delay(100ms, 0.5, limits) == 160ms);
    CHECK(next_delay(0ms, 1.0, limits) == 20ms);
    CHECK(next_delay(5000ms, 1.0, limits) == 5000ms);
}

TEST_CASE("delays grow to the longest, never beyond, and start again after a success") {
    backoff delays(7);
    bool grew = false;
    for (int i = 0; i < 200; ++i) {
        const auto delay = delays.next();
        CHECK(delay >= 20ms);
        CHECK(delay <= 5000ms);
        grew = grew || delay > 1000ms;
    }
    CHECK(grew);
    delays.reset();
    CHECK(delays.next() <= 60ms);
}

TEST_CASE("two instances don't wait in step") {
    backoff one(1);
    backoff other(2);
    bool differ = false;
    for (int i = 0; i < 10; ++i) {
        differ = one.next() != other.next() || differ;
    }
    CHECK(differ);
}
