#include "pacing_simulation.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace hallpass::test;
using namespace std::chrono_literals;

namespace {

void check_pace(const figures& seen, double allowed, double most_refused) {
    INFO("allowed ", allowed, " a second; ", seen.text());
    CHECK(seen.rate >= 0.8 * allowed);
    CHECK(seen.share <= most_refused);
    CHECK(seen.refused_before <= 332); // one for each of 32 connections and 300 channels
}

} // namespace

TEST_CASE("hundreds of callers of one channel go at its one call a second") {
    third_party service;
    service.each = bucket(1, 1);
    traffic load;
    check_pace(simulate(service, load), 1, 0.03);
    service.tells_when = false;
    check_pace(simulate(service, load), 1, 0.03);
    service.tells_when = true;
    service.each = bucket(1, 5);
    check_pace(simulate(service, load), 1, 0.06);
}

TEST_CASE("ten channels of one call a second each go at their own pace") {
    third_party service;
    service.each = bucket(1, 1);
    traffic load;
    load.channels = 10;
    load.lasts = 300s;
    check_pace(simulate(service, load), 10, 0.03);
}

TEST_CASE("a limit on the whole method is found, in one channel or in hundreds") {
    for (const int channels : {1, 3, 30, 300}) {
        for (const double burst : {10.0, 100.0}) {
            for (const bool tells_when : {true, false}) {
                CAPTURE(channels);
                CAPTURE(burst);
                CAPTURE(tells_when);
                third_party service;
                service.whole = bucket(100, burst);
                service.tells_when = tells_when;
                traffic load;
                load.callers = std::max(channels, 150);
                load.channels = channels;
                load.counted_from = 20s; // dozens of channels grow from 1 a second each at first
                load.lasts = 50s;
                check_pace(simulate(service, load), 100, 0.03);
            }
        }
    }
}

TEST_CASE("a slow limit on the whole method is found over many channels") {
    third_party service;
    service.whole = bucket(1, 1);
    traffic load;
    load.channels = 300;
    load.lasts = 300s;
    check_pace(simulate(service, load), 1, 0.06);
}

TEST_CASE("limits of the method and of its channels are kept at the same time") {
    third_party service;
    service.whole = bucket(100, 100);
    service.each = bucket(1, 1);
    traffic load;
    load.channels = 300;
    check_pace(simulate(service, load), 100, 0.05);
}

TEST_CASE("what is counted by the minute is used up in each, with few refusals") {
    third_party service;
    service.minute.most = 50;
    traffic load;
    load.lasts = 660s;
    load.counted_from = 60s;
    check_pace(simulate(service, load), 50.0 / 60, 0.03);
    service.minute.most = 0;
    service.whole = bucket(50.0 / 60, 50);
    check_pace(simulate(service, load), 50.0 / 60, 0.03);
}

TEST_CASE("a limit that is lifted is noticed within two minutes") {
    for (const int channels : {1, 30}) {
        CAPTURE(channels);
        third_party service;
        service.each = bucket(1, 1);
        service.lifted_at = simulation_start + 60s;
        traffic load;
        load.callers = 100;
        load.channels = channels;
        load.thinks = 1s; // with which they make 95 calls a second
        load.counted_from = 180s;
        load.lasts = 190s;
        check_pace(simulate(service, load), 95, 0);
        service.each = bucket();
        service.whole = bucket(5, 5);
        check_pace(simulate(service, load), 95, 0);
    }
}

TEST_CASE("the floor of a key is kept to from the first call on, and made full use of") {
    traffic load;
    load.least_interval = 50ms;
    load.channels = 10;
    load.counted_from = 0s;
    const figures free = simulate(third_party(), load);
    INFO(free.text());
    CHECK(free.refused == 0);
    CHECK(free.rate <= 20.1);
    CHECK(free.rate >= 19.5);
    CHECK(free.closest == 50ms);
}

TEST_CASE("the floor stays when a pace was learnt and forgotten") {
    third_party service;
    service.each = bucket(1, 1);
    service.lifted_at = simulation_start + 60s;
    traffic load;
    load.least_interval = 50ms;
    load.counted_from = 180s;
    load.lasts = 240s;
    const figures seen = simulate(service, load);
    INFO(seen.text());
    CHECK(seen.rate <= 20.1);
    CHECK(seen.rate >= 19);
    CHECK(seen.closest >= 45ms);
}
