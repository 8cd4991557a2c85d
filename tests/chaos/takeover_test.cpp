// How long it takes until what one instance left undone is done.
#include "scale.hpp"
#include "stage.hpp"
#include "support/eventually.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>

using namespace hallpass;
using namespace hallpass::chaos;
using namespace std::chrono_literals;

namespace {

constexpr double lease_ms = 30'000;

// What is promised holds on a quiet machine, where the full form runs; the short one runs beside other tests.
const double allowed_late_ms = scaled(5000.0, 1000.0);

void print(const char* what, std::size_t requests, const std::vector<double>& times) {
    std::printf(
        "%s: %zu requests, p50 %.2f s, p99 %.2f s, last %.2f s\n", what, requests,
        percentile(times, 0.5) / 1000, percentile(times, 0.99) / 1000, percentile(times, 1) / 1000
    );
    std::fflush(stdout);
}

void check_clean(const verdict& found) {
    INFO(to_text(found));
    CHECK(found.clean());
}

std::vector<double> times_of(const std::map<std::string, double>& all) {
    std::vector<double> times;
    for (const auto& [id, time] : all) {
        times.push_back(time);
    }
    return times;
}

} // namespace

TEST_CASE("what a killed instance had claimed is told by another one when the lease is over") {
    const std::size_t count = scaled<std::size_t>(100, 400);
    stage on(1);
    on.hold_sends();
    on.create(count);
    // Who wins a claim is chance where two watch, so the second comes when all are the first one's.
    test::eventually("every request is claimed", [&] { return on.all_claimed_by_one(); });
    on.instances.add();
    const auto killed = clock_type::now();
    on.instances.kill_for_good(0);
    on.release_sends();
    const std::vector<double> times = times_of(on.times_until_announced(killed, 60s));
    print("takeover by another instance", times.size(), times);
    CHECK(times.size() == count);
    CHECK(percentile(times, 0.99) < lease_ms + allowed_late_ms);
    check_clean(on.judged());
}

TEST_CASE("an instance that is killed and started again goes on with its own claims at once") {
    const std::size_t count = scaled<std::size_t>(50, 100);
    stage on(1);
    on.hold_sends();
    on.create(count);
    test::eventually("every request is claimed", [&] { return on.all_claimed_by_one(); });
    on.release_sends();
    const auto killed = clock_type::now();
    on.instances.kill(0);
    const std::vector<double> times = times_of(on.times_until_announced(killed, 60s));
    print("takeover by the restarted instance", times.size(), times);
    CHECK(times.size() == count);
    CHECK(percentile(times, 0.99) < allowed_late_ms);
    check_clean(on.judged());
}

TEST_CASE("what is owed when Slack comes back is told") {
    const std::size_t count = scaled<std::size_t>(300, 1000);
    const auto down_for = scaled<std::chrono::milliseconds>(4s, 30s);
    stage on(2);
    on.tell("/down", {{"side", "slack"}, {"down", true}});
    const auto down = clock_type::now();
    on.create(count);
    test::eventually(
        "Slack was down for long enough", [&] { return clock_type::now() - down >= down_for; }, down_for + 10s
    );
    on.tell("/down", {{"side", "slack"}, {"down", false}});
    const auto up = clock_type::now();
    const std::vector<double> times = times_of(on.times_until_announced(up, 90s));
    print("after Slack came back", times.size(), times);
    check_clean(on.judged());
}
