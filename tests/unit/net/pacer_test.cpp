#include "net/pacer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace hallpass::net {

namespace {

using namespace std::chrono_literals;
using time_point = pacer::time_point;

const time_point start = time_point{} + 1h;

std::unique_ptr<pacer::passage>
enter(pacer& pace, const std::vector<std::string>& names, time_point now, pacer::duration patience = 10s) {
    std::vector<ports::pace_key> keys;
    for (const std::string& name : names) {
        keys.push_back({name});
    }
    auto call = std::make_unique<pacer::passage>(pace, keys, now + patience, now);
    pace.ask(*call, now);
    return call;
}

} // namespace

TEST_CASE("without a limit everything goes at once, and keys are forgotten when they are idle") {
    pacer pace;
    for (int i = 0; i < 100'000; ++i) {
        const time_point now = start + i * 1ms;
        const auto call = enter(pace, {"method", "method C" + std::to_string(i)}, now);
        REQUIRE(call->verdict() == pace_verdict::go);
        pace.succeeded(*call, now);
    }
    CHECK(pace.known_keys() < 25'000);
}

TEST_CASE("a limit holds the last key only, for the time that was asked") {
    pacer pace;
    const auto first = enter(pace, {"m", "m a"}, start);
    pace.limited(*first, 2s, start);
    const auto same = enter(pace, {"m", "m a"}, start);
    const auto other = enter(pace, {"m", "m b"}, start);
    CHECK(same->verdict() == pace_verdict::wait);
    CHECK(other->verdict() == pace_verdict::go);
    CHECK(pace.look(start + 1999ms).empty());
    CHECK(*pace.next_look() == start + 2s);
    const auto woken = pace.look(start + 2s);
    REQUIRE(woken.size() == 1);
    CHECK(woken.front() == same.get());
    CHECK(same->verdict() == pace_verdict::go);
}

TEST_CASE("who would have to wait beyond the deadline is told at once for how long") {
    pacer pace;
    const auto first = enter(pace, {"k"}, start);
    pace.limited(*first, 30s, start);
    const auto call = enter(pace, {"k"}, start, 10s);
    CHECK(call->verdict() == pace_verdict::too_late);
    CHECK(call->needed() == 30s);
}

TEST_CASE("after a limit calls go in order, one at a time at first") {
    pacer pace;
    const auto first = enter(pace, {"k"}, start);
    pace.limited(*first, 1s, start);
    std::vector<std::unique_ptr<pacer::passage>> calls;
    for (int i = 0; i < 3; ++i) {
        calls.push_back(enter(pace, {"k"}, start));
    }
    // The one that was limited asks again and keeps its place before them.
    pace.ask(*first, start);
    const auto now = start + 1s;
    const auto woken = pace.look(now);
    REQUIRE(woken.size() == 1);
    CHECK(woken.front() == first.get());
    CHECK(pace.look(now + 5s).empty()); // it is still under way
    pace.succeeded(*first, now + 5s);
    const auto next = pace.look(now + 5s);
    REQUIRE(next.size() == 1);
    CHECK(next.front() == calls[0].get());
}

TEST_CASE("channels that are refused at their only call hold the method, one channel alone doesn't") {
    pacer pace;
    std::vector<std::unique_ptr<pacer::passage>> calls;
    for (const auto* channel : {"m a", "m b", "m c"}) {
        calls.push_back(enter(pace, {"m", channel}, start));
        REQUIRE(calls.back()->verdict() == pace_verdict::go);
    }
    pace.limited(*calls[0], 2s, start + 10ms);
    pace.limited(*calls[1], 2s, start + 10ms);
    const auto unhurt = enter(pace, {"m", "m other"}, start + 15ms);
    CHECK(unhurt->verdict() == pace_verdict::go);
    pace.succeeded(*unhurt, start + 16ms);
    pace.limited(*calls[2], 2s, start + 10ms);
    const auto other = enter(pace, {"m", "m other"}, start + 20ms);
    CHECK(other->verdict() == pace_verdict::wait);
    CHECK(pace.look(start + 2s).empty());
    CHECK(pace.look(start + 2010ms).size() == 1);
}

TEST_CASE("a lone call that is refused without a time waits longer each time") {
    pacer pace;
    const auto call = enter(pace, {"m", "m a"}, start, 1h);
    time_point now = start;
    std::vector<pacer::duration> waits;
    for (int i = 0; i < 8; ++i) {
        REQUIRE(call->verdict() == pace_verdict::go);
        pace.limited(*call, std::nullopt, now);
        pace.ask(*call, now);
        REQUIRE(call->verdict() == pace_verdict::wait);
        waits.push_back(*pace.next_look() - now);
        now = *pace.next_look();
        REQUIRE(pace.look(now).size() == 1);
    }
    CHECK(waits == std::vector<pacer::duration>{1s, 1s, 2s, 4s, 8s, 16s, 30s, 30s});
}

TEST_CASE("a key with a floor spaces its calls from the first on, whatever the answers") {
    pacer pace;
    const std::vector<ports::pace_key> keys{{"service", 100ms}, {"m"}};
    const auto enter_at = [&](time_point now, pacer::duration patience) {
        auto call = std::make_unique<pacer::passage>(pace, keys, now + patience, now);
        pace.ask(*call, now);
        return call;
    };
    const auto first = enter_at(start, 10s);
    const auto second = enter_at(start, 10s);
    const auto third = enter_at(start, 10s);
    const auto hasty = enter_at(start, 150ms);
    CHECK(first->verdict() == pace_verdict::go);
    CHECK(second->verdict() == pace_verdict::wait);
    CHECK(hasty->verdict() == pace_verdict::too_late);
    CHECK(hasty->needed() == 300ms);
    pace.succeeded(*first, start + 1ms);
    CHECK(pace.look(start + 99ms).empty());
    // A timer that is late by little costs nothing: the third keeps its place.
    CHECK(pace.look(start + 103ms).size() == 1);
    CHECK(second->verdict() == pace_verdict::go);
    CHECK(pace.look(start + 199ms).empty());
    CHECK(pace.look(start + 200ms).size() == 1);
    CHECK(third->verdict() == pace_verdict::go);
    // A rest saves nothing up.
    const auto later = enter_at(start + 1h, 10s);
    CHECK(later->verdict() == pace_verdict::go);
    const auto after = enter_at(start + 1h + 99ms, 10s);
    CHECK(after->verdict() == pace_verdict::wait);
}

TEST_CASE("a hold that comes between the turn and the writing sends the call back") {
    pacer pace;
    const auto limited = enter(pace, {"k"}, start);
    const auto waiting_for_connection = enter(pace, {"k"}, start);
    CHECK(pace.confirm(*waiting_for_connection, start + 1ms));
    pace.limited(*limited, 1s, start + 2ms);
    CHECK(!pace.confirm(*waiting_for_connection, start + 3ms));
    pace.ask(*waiting_for_connection, start + 3ms);
    CHECK(waiting_for_connection->verdict() == pace_verdict::wait);
}

TEST_CASE("notice that nothing is left holds until the reset, then everything goes at once") {
    pacer pace;
    const auto first = enter(pace, {"k"}, start);
    pace.exhausted(*first, 500ms, start);
    pace.succeeded(*first, start);
    const auto second = enter(pace, {"k"}, start + 1ms);
    const auto third = enter(pace, {"k"}, start + 1ms);
    CHECK(second->verdict() == pace_verdict::wait);
    CHECK(pace.look(start + 500ms).size() == 2);
}

TEST_CASE("calls that left before a limit don't make it worse") {
    pacer pace;
    std::vector<std::unique_ptr<pacer::passage>> burst;
    for (int i = 0; i < 20; ++i) {
        burst.push_back(enter(pace, {"k"}, start));
    }
    for (const auto& call : burst) {
        pace.limited(*call, 1s, start + 10ms);
    }
    const auto next = enter(pace, {"k"}, start + 20ms, 60s);
    const auto woken = pace.look(start + 1010ms);
    REQUIRE(woken.size() == 1);
    pace.succeeded(*next, start + 1020ms);
    const auto after = enter(pace, {"k"}, start + 1020ms, 60s);
    CHECK(pace.look(start + 2100ms).size() == 1);
}

// A server that takes `most` calls in each whole second and answers the rest 429 with "Retry-After: 1".
TEST_CASE("against a limit of 100 a second, 1,000 calls pass at nearly that rate with few refusals") {
    pacer pace;
    time_point now = start;
    std::deque<std::unique_ptr<pacer::passage>> calls;
    std::deque<pacer::passage*> ready;
    for (int i = 0; i < 1000; ++i) {
        calls.push_back(enter(pace, {"k"}, now, 1h));
        if (calls.back()->verdict() == pace_verdict::go) {
            ready.push_back(calls.back().get());
        }
    }
    int done = 0;
    int refused = 0;
    std::int64_t second = -1;
    int taken = 0;
    while (done < 1000 && now < start + 1min) {
        // 32 connections, 5 ms an answer.
        for (int slot = 0; slot < 32 && !ready.empty(); ++slot) {
            pacer::passage* const call = ready.front();
            ready.pop_front();
            if (pace.confirm(*call, now)) {
                const auto this_second = std::chrono::floor<std::chrono::seconds>(now - start).count();
                taken = this_second == second ? taken + 1 : 1;
                second = this_second;
                if (taken <= 100) {
                    ++done;
                    pace.succeeded(*call, now + 5ms);
                    continue;
                }
                ++refused;
                pace.limited(*call, 1s, now + 5ms);
            }
            pace.ask(*call, now + 5ms);
            if (call->verdict() == pace_verdict::go) {
                ready.push_back(call);
            }
        }
        now += 5ms;
        for (pacer::passage* woken : pace.look(now)) {
            ready.push_back(woken);
        }
    }
    CHECK(done == 1000);
    CHECK(refused < 20);
    CHECK(now - start < 15s);
    MESSAGE(
        "1,000 calls took ", std::chrono::duration_cast<std::chrono::milliseconds>(now - start).count(),
        " ms, ", refused, " refusals"
    );
}

TEST_CASE("after a quiet while a key is back at full speed") {
    pacer pace;
    const auto first = enter(pace, {"k"}, start);
    pace.limited(*first, 1s, start);
    const auto later = enter(pace, {"k"}, start + 2min);
    CHECK(later->verdict() == pace_verdict::go);
    for (int i = 0; i < 50; ++i) {
        const auto call = enter(pace, {"k"}, start + 2min);
        CHECK(call->verdict() == pace_verdict::go);
    }
}

} // namespace hallpass::net
