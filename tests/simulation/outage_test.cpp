// The third party is down for an hour while thousands of requests come: what that costs, and how it catches
// up.
#include "simulation/instance.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <string>

using namespace hallpass;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t owed = 5000;

struct outage {
    explicit outage(std::size_t instances) {
        world.routing.role_to_recipients["*"] = {"#c1"};
        wrong.service_is_down = true;
        for (std::size_t i = 0; i < instances; ++i) {
            all.push_back(std::make_unique<simulation::instance>(world, "i" + std::to_string(i + 1), 0ms));
            all.back()->start();
        }
        for (std::size_t i = 0; i < owed; ++i) {
            const auto when = 1s + 3590s * static_cast<long>(i) / static_cast<long>(owed);
            time.clock.after(std::chrono::duration_cast<std::chrono::milliseconds>(when), [this, i] {
                create("r" + std::to_string(i));
            });
        }
        time.clock.run_until([] { return false; }, 1h);
    }

    void create(const std::string& id) {
        access::access_request request;
        request.id = id;
        request.user = "alice";
        request.roles = {"editor"};
        request.state = access::request_state::pending;
        request.created = time.clock.now();
        auth.create(std::move(request));
    }

    std::chrono::milliseconds recover() {
        wrong.service_is_down = false;
        const instant back = time.clock.now();
        const bool done = time.clock.run_until([this] { return service.messages().size() >= owed; }, 2h);
        CHECK(done);
        return time.clock.now() - back;
    }

    // By how many places the messages came out of order of age, at the most.
    std::size_t furthest_out_of_order() const {
        std::size_t furthest = 0;
        for (std::size_t place = 0; place < service.messages().size(); ++place) {
            const std::size_t age = std::stoul(service.messages()[place].key.request_id.substr(1));
            furthest = std::max(furthest, age > place ? age - place : place - age);
        }
        return furthest;
    }

    simulation::timeline time{1};
    simulation::faults wrong;
    simulation::cluster auth{time};
    simulation::third_party service{time};
    simulation::surroundings world{
        time, wrong, auth, service, {}, {}, false, workflow::uncertain_policy::resend, {}};
    std::vector<std::unique_ptr<simulation::instance>> all;
};

} // namespace

TEST_CASE("P1 a service that was down for an hour is asked rarely, and catches up in order of age") {
    for (const std::size_t instances : {1U, 3U}) {
        outage here(instances);
        const std::size_t attempts = here.world.attempts;
        CHECK(here.service.messages().empty());
        // Two probes a minute at the longest wait, and what was tried before the breaker opened.
        CHECK(attempts < instances * 400);
        CHECK_FALSE(here.all.front()->status().why_paused.empty());
        const auto taken = here.recover();
        CHECK(here.service.violations.empty());
        CHECK(here.service.messages().size() == owed);
        CHECK(taken < 2min);
        CHECK(here.furthest_out_of_order() <= 2 * 128 * instances);
        std::printf(
            "down for an hour, %zu requests owed, %zu instances: %zu calls meanwhile, all told %.1f s after "
            "it was "
            "back, at most %zu places out of order\n",
            owed, instances, attempts, static_cast<double>(taken.count()) / 1000, here.furthest_out_of_order()
        );
    }
}

TEST_CASE("a request that ends while the service is down is let go") {
    outage here(1);
    for (std::size_t i = 0; i < owed; ++i) {
        here.auth.remove("r" + std::to_string(i));
    }
    here.time.clock.run_until([] { return false; }, 2min);
    CHECK(here.all.front()->open_requests() <= 8); // what a probe may have left behind must be looked for
    here.wrong.service_is_down = false;
    here.time.clock.run_until([] { return false; }, 10min);
    CHECK(here.all.front()->open_requests() == 0);
    CHECK(here.service.messages().size() <= 8);
}
