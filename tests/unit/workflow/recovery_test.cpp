// What a slow, dead or absent part costs the others, and how what was missed is found again.
#include "unit/workflow/world.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using test::world;
using namespace std::chrono_literals;

namespace {

std::size_t cards_at(const world& w, const std::string& address) {
    const auto cards = w.service.cards();
    return static_cast<std::size_t>(std::count_if(cards.begin(), cards.end(), [&](const auto& one) {
        return one.to.id == address;
    }));
}

access::request_state shown_at(const world& w, const std::string& address) {
    for (const auto& card : w.service.cards()) {
        if (card.to.id == address) {
            return card.shown.state;
        }
    }
    return access::request_state::none;
}

} // namespace

TEST_CASE("P2 a recipient whose call hangs delays no later update of the others") {
    world w;
    w.routing.role_to_recipients["*"] = {"#access", "#slow"};
    w.service.time = &w.clock;
    w.service.delays["slow"] = 9s;
    auto& hallpass = w.start();
    hallpass.changed(w.create());
    w.clock.run_until([] { return false; }, 1s);
    CHECK(cards_at(w, "access") == 1);
    CHECK(w.ledger().find(access::address("access"))->message.empty() == false);
    hallpass.changed(w.resolve("r1", access::request_state::approved));
    w.clock.run_until([] { return false; }, 1s);
    CHECK(shown_at(w, "access") == access::request_state::approved);
    CHECK(cards_at(w, "slow") == 0);
    CHECK(w.settle(1min));
    CHECK(shown_at(w, "slow") == access::request_state::approved);
    CHECK_FALSE(w.ledger().held.has_value());
}

TEST_CASE("P1 a call that outlives its claim is cut, and looked for before it is made again") {
    world w;
    w.service.time = &w.clock;
    w.service.delays["access"] = 1h;
    w.start().changed(w.create());
    CHECK(w.clock.run_until([&] { return w.log.has("no answer in time"); }, 26s));
    w.service.delays.clear();
    CHECK(w.clock.run_until([&] { return cards_at(w, "access") == 1; }, 1min));
    CHECK(w.service.looked == 1);
}

TEST_CASE("P5 stopping cuts a call that hangs, says so in the ledger and leaves the claim to run out") {
    world w;
    w.service.time = &w.clock;
    w.service.delays["access"] = 1h;
    auto& hallpass = w.start();
    hallpass.changed(w.create());
    w.clock.run_until([] { return false; }, 1s);
    CHECK(w.ledger().held.has_value());
    hallpass.stop();
    CHECK(w.settle(10s));
    CHECK(w.ledger().held.has_value());
    CHECK(w.ledger().find(access::address("access"))->sending.card);
}

TEST_CASE("P2 a card in doubt is nobody else's before the claim has run out, and the claim is given back then"
) {
    world w;
    w.service.time = &w.clock;
    fault lost(fault_kind::transient, "no answer");
    lost.set_uncertain(true);
    lost.set_retry_after(1h);
    w.service.next["access"].emplace_back(lost, true);
    const auto request = w.create();
    w.start("first").changed(request);
    CHECK(w.clock.run_until([&] { return cards_at(w, "access") == 1; }, 1s));
    w.start("second").listed({request});
    w.clock.run_until([] { return false; }, 20s);
    CHECK(w.service.looked == 0);
    CHECK(w.clock.run_until([&] { return w.service.looked == 1; }, 20s));
    CHECK(cards_at(w, "access") == 1);
    CHECK(w.clock.run_until([&] { return !w.ledger().held.has_value(); }, 1min));
}

TEST_CASE("P2 a request that ended while nobody was there ends on its message after the next listing") {
    world w;
    w.start("first").changed(w.create("r1"));
    w.clock.run_ready();
    w.instances.front()->dispatcher.stop();
    CHECK(w.settle());
    w.resolve("r1", access::request_state::denied);
    auto& second = w.start("second");
    second.listed({});
    CHECK(w.clock.run_until([&] { return shown_at(w, "access") == access::request_state::denied; }, 1min));
    CHECK(w.settle());
    const int reads = w.auth.calls["GetPluginData"];
    second.listed({});
    CHECK(w.settle());
    CHECK(w.auth.calls["GetPluginData all"] == 1); // once a connection
    second.connected({});
    second.listed({});
    CHECK(w.settle());
    CHECK(w.auth.calls["GetPluginData all"] == 2);
    CHECK(w.auth.calls["GetPluginData"] == reads); // what is finished isn't looked at again
}

TEST_CASE(
    "P5 an instance that starts again goes on with its own claim at once, once its last call has arrived"
) {
    world w;
    const auto request = w.create();
    access::ledger left;
    left.last_seen = request;
    left.held = access::claim{"one", w.clock.now() + 25s};
    access::add_deliveries(left, {{"#access", access::audience::approver, access::address("access")}});
    left.deliveries[0].sending.card = true;
    w.auth.data["r1"]["slack"] = workflow::encode_ledger(left);
    w.start("one").listed({request});
    w.clock.run_until([] { return false; }, 400ms);
    CHECK(w.service.looked == 0);
    CHECK(w.clock.run_until([&] { return cards_at(w, "access") == 1; }, 600ms));
    CHECK(w.service.looked == 1);
}

TEST_CASE("P1 who couldn't be asked for before a restart is told after it, though all is decided") {
    world w;
    w.routing.role_to_recipients["*"] = {"#access", "#later"};
    w.service.failing_recipients = {"#later"};
    w.start("first").changed(w.create());
    CHECK(w.clock.run_until([&] { return cards_at(w, "access") == 1; }, 5s));
    CHECK(w.clock.run_until([&] { return w.data().contains("messages"); }, 5s));
    w.instances.front()->dispatcher.stop();
    CHECK(w.settle());
    w.resolve("r1", access::request_state::approved);
    w.service.failing_recipients.clear();
    w.start("second").listed({});
    CHECK(w.clock.run_until([&] { return cards_at(w, "later") == 1; }, 5s));
    CHECK(shown_at(w, "later") == access::request_state::approved);
}

TEST_CASE("a snapshot that is older than what is known changes nothing") {
    world w;
    auto& hallpass = w.start();
    const auto pending = w.create();
    hallpass.changed(pending);
    w.clock.run_ready();
    hallpass.changed(w.resolve("r1", access::request_state::approved));
    hallpass.listed({pending});
    CHECK(w.settle());
    CHECK(shown_at(w, "access") == access::request_state::approved);
}

TEST_CASE("status says what is owed, to whom, and why it waits") {
    world w;
    w.routing.role_to_recipients["*"] = {"#access", "#gone", "#full"};
    w.service.unknown_recipients = {"#gone"};
    w.service.next["full"].emplace_back(fault(fault_kind::permanent, "channel is archived"), false);
    auto& hallpass = w.start();
    hallpass.changed(w.create());
    w.clock.run_until([] { return false; }, 1s);
    const ports::service_status now = hallpass.status();
    CHECK(now.service == "slack");
    CHECK(now.sent == 1);
    CHECK(now.failed == 1);
    REQUIRE(now.requests.size() == 1);
    CHECK(now.requests[0].user == "alice");
    REQUIRE(now.requests[0].deliveries.size() == 3);
    const auto& told = now.requests[0].deliveries[0];
    CHECK(told.recipient == "#access");
    CHECK(told.state == ports::delivery_state::done);
    const auto& full = now.requests[0].deliveries[1];
    CHECK(full.recipient == "#full");
    CHECK(full.state == ports::delivery_state::refused);
    CHECK(full.why == "channel is archived");
    CHECK(full.next_attempt.value() > w.clock.now());
    const auto& gone = now.requests[0].deliveries[2];
    CHECK(gone.recipient == "#gone");
    CHECK(gone.state == ports::delivery_state::refused);
    CHECK(gone.why == "#gone is not known");
}

TEST_CASE("where the listing of plugin data is refused, that is said once, with what to do") {
    world w;
    w.auth.next_reads.emplace_back(fault(fault_kind::unauthorised, "access denied"), false);
    w.start().listed({});
    w.clock.run_until([] { return false; }, 30min);
    CHECK(w.log.has(
        "plugin_data_not_listed service=slack error=access denied hint=allow the verbs list and read"
    ));
    CHECK(w.auth.calls["GetPluginData all"] == 1);
}

TEST_CASE("a lane that ends while Auth is troubled doesn't make us ask Auth sooner") {
    world w;
    w.service.time = &w.clock;
    std::vector<std::string>& everybody = w.routing.role_to_recipients["*"];
    everybody = {"#access"};
    for (int i = 0; i < 40; ++i) { // one lane after the other, with each its wake
        const std::string name = "slow-" + std::to_string(i);
        everybody.push_back('#' + name);
        w.service.delays[name] = 300ms + i * 5ms;
    }
    w.start().changed(w.create());
    REQUIRE(w.clock.run_until([&] { return w.auth.calls["UpdatePluginData"] == 1; }, 1s));
    w.clock.run_ready();
    for (int i = 0; i < 8; ++i) {
        w.auth.next_updates.emplace_back(fault(fault_kind::transient, "unavailable"), false);
    }
    std::vector<instant> asked;
    std::function<void()> note = [&] {
        asked.push_back(w.clock.now());
        w.auth.before_update = note;
    };
    w.auth.before_update = note;
    CHECK(w.clock.run_until([&] { return w.auth.next_updates.empty() && !w.ledger().held; }, 10min));
    REQUIRE(asked.size() >= 8);
    for (std::size_t i = 1; i < 8; ++i) {
        CHECK(asked[i] - asked[i - 1] >= 20ms); // the shortest wait there is
    }
    CHECK(w.service.cards().size() == everybody.size());
}
