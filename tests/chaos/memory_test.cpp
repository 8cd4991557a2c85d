// What comes and goes leaves nothing behind in memory.
#include "chat_messages.hpp"
#include "fleet.hpp"
#include "process_figures.hpp"
#include "sandbox_view.hpp"
#include "scale.hpp"
#include "service_row.hpp"
#include "support/eventually.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>

using namespace hallpass;
using namespace hallpass::chaos;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

constexpr std::size_t batch = 1000;

bool all_say(const std::vector<shown_message>& shown, const char* state) {
    return shown.size() == batch &&
           std::ranges::all_of(shown, [&](const shown_message& one) { return one.state == state; });
}

// A thousand requests are created, announced, approved, shown as approved, and deleted.
void come_and_go(const test::http_peer& control, fleet& instances) {
    const auto shown = [&](const char* state) {
        test::eventually(
            std::string("a thousand messages say ") + state,
            [&] {
                instances.check_alive();
                return all_say(slack_messages(control, false), state);
            },
            60s
        );
    };
    const json::value made = control.post(
        "/requests", json::object{{"user", "robot"}, {"roles", json::array{"dba"}}, {"n", batch}}
    );
    const json::value ids = made.at("ids");
    shown("PENDING");
    control.post("/requests/state", json::object{{"ids", ids}, {"state", "APPROVED"}, {"reason", "yes"}});
    shown("APPROVED");
    control.post("/requests/delete", json::object{{"ids", ids}});
    control.post("/slack/forget", json::object());
}

void come_and_go(std::size_t requests, const test::http_peer& control, fleet& instances) {
    for (std::size_t gone = 0; gone < requests; gone += batch) {
        come_and_go(control, instances);
    }
    test::eventually("no claim is held", [&] {
        const auto holders = read_holders(control);
        return std::ranges::all_of(holders, [](const auto& one) { return one.second.empty(); });
    });
}

} // namespace

TEST_CASE("thousands of requests that come and go leave no memory behind") {
    constexpr std::size_t warm_up = 2000;
    constexpr std::size_t requests = 20'000;
    const test::running_sandbox world;
    fleet instances(world, 1, slack_sections(world, R"("access-requests")"));
    come_and_go(warm_up, world.control(), instances);
    const std::size_t before = bench::resident_bytes_of(instances.process_id(0));
    come_and_go(requests, world.control(), instances);
    const std::size_t after = bench::resident_bytes_of(instances.process_id(0));
    const double grown = 100.0 * (static_cast<double>(after) / static_cast<double>(before) - 1);
    std::printf(
        "resident after %zu requests %.1f MB, after %zu more %.1f MB: %+.1f %%\n", warm_up,
        static_cast<double>(before) / 1e6, requests, static_cast<double>(after) / 1e6, grown
    );
    CHECK(grown < scaled(20.0, 10.0)); // the full form has the machine for itself
    instances.stop();
}
