#include "base/jitter.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using namespace std::chrono_literals;

TEST_CASE("a wait lies between the shortest and three times the one before, and never beyond the longest") {
    jitter chance(7);
    std::chrono::milliseconds wait = 0ms;
    bool grew = false;
    for (int i = 0; i < 200; ++i) {
        const auto next = chance.next(wait, 20ms, 5s);
        CHECK(next >= 20ms);
        CHECK(next <= std::max<std::chrono::milliseconds>(20ms, wait * 3));
        CHECK(next <= 5s);
        grew = grew || next > 1s;
        wait = next;
    }
    CHECK(grew);
    CHECK(chance.next(0ms, 20ms, 5s) == 20ms);
}

TEST_CASE("two that failed together don't come back together") {
    jitter one(1);
    jitter other(2);
    bool differ = false;
    for (int i = 0; i < 10; ++i) {
        differ = one.next(100ms, 20ms, 5s) != other.next(100ms, 20ms, 5s) || differ;
    }
    CHECK(differ);
}
