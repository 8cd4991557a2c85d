// One instance, or two, carrying Access Requests: what people see, and what the ledger says, after everything
// went wrong once.
#include "unit/workflow/world.hpp"
#include "workflow/approval_store.hpp"

#include <boost/asio/post.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using test::world;
using namespace std::chrono_literals;

namespace {

fault lost() {
    fault why(fault_kind::transient, "the answer was lost");
    why.set_uncertain(true);
    return why;
}

} // namespace

TEST_CASE("P1 a pending request reaches every recipient with two calls to Auth") {
    world w;
    w.routing.role_to_recipients["editor"] = {"#access", "#security"};
    w.start().changed(w.create());
    w.clock.run_ready();
    const auto cards = w.service.cards();
    REQUIRE(cards.size() == 2);
    CHECK(cards[0].to.id == "access");
    CHECK(cards[1].to.id == "security");
    CHECK(cards[0].shown.link == "https://example.com/web/requests/r1");
    CHECK(w.auth.calls["UpdatePluginData"] == 2);
    CHECK(w.auth.calls["GetPluginData"] == 0);
    CHECK(w.data().at("messages") == "access/1,security/2");
    CHECK(w.data().at("user") == "alice");
    CHECK_FALSE(w.ledger().held.has_value());
}

TEST_CASE("events may come from within the loop, as the watch's do") {
    world w;
    auto& hallpass = w.start();
    boost::asio::post(w.context, [&] { hallpass.listed({w.create("r1")}); });
    boost::asio::post(w.context, [&] { hallpass.changed(w.create("r2")); });
    boost::asio::post(w.context, [&] { hallpass.deleted("r3"); });
    w.clock.run_ready();
    CHECK(w.service.cards().size() == 2);
    CHECK(hallpass.size() == 2);
}

TEST_CASE("P2 a message follows its request: reviews in the thread, then the resolution, then nothing more") {
    world w;
    auto& hallpass = w.start();
    hallpass.changed(w.create());
    w.clock.run_ready();
    hallpass.changed(w.review("r1", "bob", access::request_state::approved));
    w.clock.run_ready();
    REQUIRE(w.service.replies().size() == 1);
    CHECK(w.service.replies()[0].key.part == "review-1");
    CHECK(w.service.cards()[0].shown.reviews.size() == 1);
    w.review("r1", "carol", access::request_state::approved);
    hallpass.changed(w.resolve("r1", access::request_state::approved));
    CHECK(w.settle());
    CHECK(w.service.replies().size() == 2);
    CHECK(w.service.cards()[0].shown.state == access::request_state::approved);
    CHECK(w.data().at("resolution") == "APPROVED");
    CHECK(w.data().at("reviews_count") == "2");
    hallpass.changed(w.auth.requests["r1"]);
    hallpass.deleted("r1");
    CHECK(w.settle());
    CHECK(w.service.cards()[0].updates == 2);
    CHECK(w.service.messages.size() == 3);
}

TEST_CASE("P2 denied, promoted and deleted requests end on their messages") {
    for (const auto state : {access::request_state::denied, access::request_state::promoted}) {
        world w;
        auto& hallpass = w.start();
        hallpass.changed(w.create());
        w.clock.run_ready();
        hallpass.changed(w.resolve("r1", state));
        CHECK(w.settle());
        CHECK(w.service.cards().at(0).shown.state == state);
    }
    world w;
    auto& hallpass = w.start();
    hallpass.changed(w.create());
    w.clock.run_ready();
    w.auth.requests.erase("r1");
    hallpass.deleted("r1");
    CHECK(w.settle());
    CHECK(w.service.cards().at(0).shown.state == access::request_state::expired);
    CHECK(w.data().at("resolution") == "EXPIRED");
}

TEST_CASE("P2 a deleted request ends on its messages even where its plugin data went with it") {
    world w;
    w.routing.role_to_recipients["*"] = {"#access", "#security"};
    auto& hallpass = w.start();
    hallpass.changed(w.create());
    w.clock.run_ready();
    w.service.next["update"].emplace_back(fault(fault_kind::transient, "503"), false);
    w.auth.requests.erase("r1");
    w.auth.data.erase("r1");
    hallpass.deleted("r1");
    CHECK(w.settle());
    for (const auto& card : w.service.cards()) {
        CHECK(card.shown.state == access::request_state::expired);
    }
    CHECK(w.service.messages.size() == 2);
}

TEST_CASE("P2 a request deleted between its send and its record ends on its message") {
    world w;
    auto& hallpass = w.start();
    hallpass.changed(w.create());
    w.context.restart();
    while (w.service.messages.empty()) {
        REQUIRE(w.context.poll_one() == 1);
    }
    w.auth.requests.erase("r1");
    w.auth.data.erase("r1");
    CHECK(w.settle());
    REQUIRE(w.service.cards().size() == 1);
    CHECK(w.service.cards()[0].shown.state == access::request_state::expired);
}

TEST_CASE("P2 a request that waited for long is drawn in full when it changes") {
    world w;
    auto& hallpass = w.start();
    hallpass.changed(w.create());
    w.clock.run_until([] { return false; }, 48h);
    const int reads = w.auth.calls["GetPluginData"];
    hallpass.changed(w.review("r1", "bob", access::request_state::approved));
    w.clock.run_until([] { return false; }, 48h);
    w.auth.requests.erase("r1");
    hallpass.deleted("r1");
    CHECK(w.settle());
    CHECK(w.auth.calls["GetPluginData"] == reads);
    CHECK(w.service.cards().at(0).shown.reviews.size() == 1);
    CHECK(w.service.cards().at(0).shown.request_reason == "because of");
    CHECK(w.service.cards().at(0).shown.state == access::request_state::expired);
}

TEST_CASE("P1 a request that is resolved before anybody could be told is told of as it ended") {
    world w;
    auto& hallpass = w.start();
    hallpass.changed(w.create());
    hallpass.changed(w.review("r1", "bob", access::request_state::approved));
    hallpass.changed(w.resolve("r1", access::request_state::approved));
    CHECK(w.settle());
    REQUIRE(w.service.cards().size() == 1);
    CHECK(w.service.cards()[0].shown.state == access::request_state::approved);
    CHECK(w.service.cards()[0].updates == 0);
    CHECK(w.service.replies().size() == 1);
}

TEST_CASE("a request that was resolved before we came is nobody's news") {
    world w;
    w.create();
    w.start().changed(w.resolve("r1", access::request_state::approved));
    CHECK(w.settle());
    CHECK(w.service.messages.empty());
}

TEST_CASE("P2 of two states that came together only the newer is drawn") {
    world w;
    auto& hallpass = w.start();
    hallpass.changed(w.create());
    w.clock.run_ready();
    hallpass.changed(w.review("r1", "bob", access::request_state::denied));
    hallpass.changed(w.resolve("r1", access::request_state::denied));
    CHECK(w.settle());
    CHECK(w.service.cards().at(0).updates == 1);
}

TEST_CASE("P1 a send that fails is tried again, and no other recipient waits for it") {
    world w;
    w.routing.role_to_recipients["*"] = {"#down", "#access"};
    for (int i = 0; i < 5; ++i) {
        w.service.next["down"].emplace_back(fault(fault_kind::transient, "503"), false);
    }
    w.start().changed(w.create());
    w.clock.run_ready();
    CHECK(w.service.cards().size() == 1);
    CHECK(w.clock.run_until([&] { return w.service.cards().size() == 2; }, 10min));
    w.clock.run_ready();
    CHECK_FALSE(w.ledger().held.has_value());
}

TEST_CASE("P1 the answer to a send is lost: it is looked for, and not sent twice") {
    world w;
    w.service.next["access"].emplace_back(lost(), true);
    w.start().changed(w.create());
    CHECK(w.clock.run_until(
        [&] { return !w.ledger().deliveries.empty() && !w.ledger().deliveries[0].message.empty(); }, 10min
    ));
    CHECK(w.service.cards().size() == 1);
    CHECK(w.service.looked == 1);
}

TEST_CASE("P1 a send that may be lost, and is, is sent again after a look") {
    world w;
    w.service.next["access"].emplace_back(lost(), false);
    w.start().changed(w.create());
    CHECK(w.clock.run_until([&] { return w.service.cards().size() == 1; }, 10min));
    CHECK(w.service.looked == 1);
}

TEST_CASE("where the service can't look, the policy for uncertain sends decides") {
    world resends;
    resends.service.can_find = false;
    resends.service.next["access"].emplace_back(lost(), true);
    resends.start().changed(resends.create());
    CHECK(resends.clock.run_until([&] { return resends.service.cards().size() == 2; }, 10min));
    CHECK(resends.log.has("uncertain_send_repeated"));

    world skips;
    skips.policy = workflow::uncertain_policy::skip;
    skips.service.can_find = false;
    skips.service.next["access"].emplace_back(lost(), true);
    auto& hallpass = skips.start();
    hallpass.changed(skips.create());
    CHECK(skips.clock.run_until([&] { return skips.log.has("uncertain_send_skipped"); }, 10min));
    hallpass.changed(skips.resolve("r1", access::request_state::denied));
    CHECK(skips.settle());
    CHECK(skips.service.cards().size() == 1);
}

TEST_CASE("P1 a card left alone for good says nothing of the replies that its former holder was sending") {
    world w;
    w.policy = workflow::uncertain_policy::skip;
    w.service.can_find = false;
    const auto request = w.create();
    const auto reviewed = w.review("r1", "bob", access::request_state::approved);
    access::ledger left;
    left.held = access::claim{"gone", w.clock.now() - 1min};
    access::add_deliveries(left, {{"#access", access::audience::approver, access::address("access")}});
    left.deliveries[0].sending = {true, 1, false};
    left.last_seen = request;
    w.auth.data["r1"]["slack"] = workflow::encode_ledger(left);
    w.start().changed(reviewed);
    CHECK(w.clock.run_until([&] { return w.log.has("uncertain_send_skipped") && !w.ledger().held; }, 10min));
    const access::ledger known = w.ledger();
    REQUIRE(known.deliveries.size() == 1);
    CHECK(known.deliveries[0].skipped);
    CHECK(known.deliveries[0].sending == access::unsettled{false, 1, false});
}

TEST_CASE("P2 a failed update is tried again until the message is true") {
    world w;
    auto& hallpass = w.start();
    hallpass.changed(w.create());
    w.clock.run_ready();
    for (int i = 0; i < 4; ++i) {
        w.service.next["update"].emplace_back(fault(fault_kind::rate_limited, "429"), false);
    }
    hallpass.changed(w.resolve("r1", access::request_state::denied));
    CHECK(w.settle(10min));
    CHECK(w.service.cards().at(0).shown.state == access::request_state::denied);
}

TEST_CASE("P2 a message that somebody deleted is reported, and the request is done all the same") {
    world w;
    auto& hallpass = w.start();
    hallpass.changed(w.create());
    w.clock.run_ready();
    w.service.messages.clear();
    hallpass.changed(w.resolve("r1", access::request_state::denied));
    CHECK(w.settle());
    CHECK(w.log.has("delivery_refused"));
}

TEST_CASE("Auth that fails for a while delays, and loses nothing") {
    world w;
    for (int i = 0; i < 10; ++i) {
        w.auth.next_updates.emplace_back(fault(fault_kind::transient, "unavailable"), i % 2 == 0);
    }
    w.start().changed(w.create());
    const auto recorded = [&] { return w.data().contains("messages") && !w.ledger().held; };
    CHECK(w.clock.run_until(recorded, 10min));
    CHECK(w.service.cards().size() == 1);
}

TEST_CASE("P5 a claim whose answer was lost is given back though the request is deleted meanwhile") {
    world w;
    w.service.remembers_recipients = true;
    w.auth.next_updates.emplace_back(lost(), true);
    w.auth.next_updates.emplace_back(lost(), false);
    auto& hallpass = w.start();
    w.auth.before_update = [&] {
        boost::asio::post(w.context, [&] {
            w.auth.requests.erase("r1");
            hallpass.deleted("r1");
        });
    };
    hallpass.changed(w.create());
    CHECK(w.settle());
    CHECK(w.data().contains("hallpass"));
    CHECK_FALSE(w.ledger().held.has_value());
}

TEST_CASE("P5 two instances that see everything send everything once") {
    world w;
    auto& one = w.start("one");
    auto& two = w.start("two");
    for (const char* id : {"r1", "r2", "r3"}) {
        const auto request = w.create(id);
        one.changed(request);
        two.changed(request);
    }
    w.clock.run_until([] { return false; }, 2min);
    CHECK(w.service.cards().size() == 3);
    for (const char* id : {"r1", "r2", "r3"}) {
        const auto reviewed = w.review(id, "bob", access::request_state::approved);
        one.changed(reviewed);
        two.changed(reviewed);
        const auto approved = w.resolve(id, access::request_state::approved);
        two.changed(approved);
        one.changed(approved);
    }
    CHECK(w.settle(5min));
    CHECK(w.service.cards().size() == 3);
    CHECK(w.service.replies().size() == 3);
    for (const auto& card : w.service.cards()) {
        CHECK(card.shown.state == access::request_state::approved);
    }
}

TEST_CASE("P5 a claim that ran out is taken over, after a look at what was sent under it") {
    world w;
    const auto request = w.create();
    // What an instance leaves behind that died after its send and before its record.
    access::ledger left;
    left.last_seen = request;
    left.held = access::claim{"dead", w.clock.now() + 30s - access::max_clock_skew};
    access::add_deliveries(left, {{"#access", access::audience::approver, access::address("access")}});
    left.deliveries[0].sending.card = true;
    w.auth.data["r1"]["slack"] = workflow::encode_ledger(left);
    simulation::posted_message sent;
    sent.to = access::address("access");
    sent.key = access::delivery_key("r1", "card");
    sent.ref = access::message_ref("access", "77");
    w.service.messages.push_back(sent);

    w.start().listed({request});
    w.clock.run_until([] { return false; }, 29s);
    CHECK(w.service.looked == 0);
    CHECK(w.clock.run_until([&] { return w.data().contains("messages"); }, 3s));
    CHECK(w.data().at("messages") == "access/77");
    CHECK(w.service.cards().size() == 1);
}

TEST_CASE("P1 what was announced before a restart is not announced again, and what wasn't is") {
    world w;
    const auto known = w.create("r1");
    w.start("first").changed(known);
    w.clock.run_ready();
    const auto missed = w.create("r2");
    w.start("second").listed({known, missed});
    w.clock.run_until([] { return false; }, 1min);
    CHECK(w.service.cards().size() == 2);
}

TEST_CASE("P2 a request that ended while the stream was down ends on its message") {
    world w;
    auto& hallpass = w.start();
    hallpass.changed(w.create("r1"));
    hallpass.changed(w.create("r2"));
    w.clock.run_ready();
    w.resolve("r1", access::request_state::approved);
    w.auth.requests.erase("r2");
    hallpass.listed({});
    CHECK(w.settle());
    CHECK(w.service.cards().at(0).shown.state == access::request_state::approved);
    CHECK(w.service.cards().at(1).shown.state == access::request_state::expired);
}

TEST_CASE("a request that upstream's plugin announced is followed on the messages it sent") {
    world w;
    const auto request = w.create();
    w.auth.data["r1"]["slack"] = {
        {"user", "alice"}, {"roles", "editor"}, {"messages", "C1/111,C2/222"}, {"reviews_count", "1"}};
    for (const char* channel : {"C1", "C2"}) {
        simulation::posted_message theirs;
        theirs.ref = access::message_ref(channel, channel == std::string("C1") ? "111" : "222");
        w.service.messages.push_back(theirs);
    }
    auto& hallpass = w.start();
    hallpass.listed({request});
    w.clock.run_ready();
    CHECK(w.service.cards().empty());
    w.review("r1", "bob", access::request_state::approved);
    w.review("r1", "carol", access::request_state::approved);
    hallpass.changed(w.resolve("r1", access::request_state::approved));
    CHECK(w.settle());
    CHECK(w.service.replies().size() == 2); // the second review, in each thread
    CHECK(w.service.messages[0].shown.state == access::request_state::approved);
    CHECK(w.data().at("resolution") == "APPROVED");
}

TEST_CASE("a request that is gone before it could be claimed is let go") {
    world w;
    const auto request = w.create();
    w.auth.requests.clear();
    w.start().changed(request);
    CHECK(w.settle());
    CHECK(w.service.messages.empty());
}

TEST_CASE("stopping finishes what is under way and releases the claim") {
    world w;
    auto& hallpass = w.start();
    hallpass.changed(w.create());
    w.context.restart();
    while (!w.ledger().held) {
        w.context.poll_one();
    }
    hallpass.stop();
    CHECK(w.settle());
    CHECK(w.service.cards().size() == 1);
    CHECK_FALSE(w.ledger().held.has_value());
    CHECK(w.data().at("messages") == "access/1");
}

TEST_CASE("letters aren't changed: reviews and the outcome follow as letters of their own, each once") {
    world w;
    w.service.letters = true;
    w.service.can_find = false;
    auto& hallpass = w.start();
    hallpass.changed(w.create());
    w.clock.run_ready();
    hallpass.changed(w.review("r1", "bob", access::request_state::denied));
    w.clock.run_ready();
    w.service.next["access"].emplace_back(fault(fault_kind::transient, "try again later"), false);
    hallpass.changed(w.resolve("r1", access::request_state::denied));
    REQUIRE(w.settle(2min));
    std::vector<std::string> parts;
    for (const auto& one : w.service.messages) {
        parts.push_back(one.key.part);
        CHECK(one.updates == 0);
    }
    CHECK(parts == std::vector<std::string>{"card", "review-1", "outcome"});
    CHECK(w.data().at("resolution") == "DENIED");
    CHECK_FALSE(access::is_unfinished(w.ledger(), true));
}

namespace {

std::string approvals_by(const std::vector<std::string>& users) {
    std::vector<access::approval> given;
    for (const std::string& user : users) {
        given.push_back({user, "slack", "U-" + user, instant{}});
    }
    return workflow::encode_approvals(given);
}

} // namespace

TEST_CASE("P2 where hallpass judges, an approval is shown and told like a review, by whatever instance") {
    const access::state_rules rules{{{"*", {"bob", "carol", "dan"}}}, {{"*", 3}}};
    world w;
    w.judged_by = &rules;
    auto& one = w.start("one");
    auto& two = w.start("two");
    const access::access_request request = w.create();
    one.changed(request);
    w.clock.run_ready();
    two.changed(request);
    w.clock.run_until([] { return false; }, 1s);
    REQUIRE(w.service.cards().size() == 1);
    CHECK(w.service.cards()[0].shown.approvals_needed == 3u);
    w.auth.data["r1"]["hallpass"]["approvals"] = approvals_by({"bob"});
    two.look_again("r1");
    w.clock.run_until([] { return false; }, 1s);
    REQUIRE(w.service.replies().size() == 1);
    REQUIRE(w.service.cards()[0].shown.reviews.size() == 1);
    CHECK(w.service.cards()[0].shown.reviews[0].author == "bob");
    // The other one finds them by itself, and repeats nothing.
    one.listed({request});
    two.listed({request});
    w.clock.run_until([] { return false; }, 1s);
    CHECK(w.service.replies().size() == 1);
    CHECK(w.service.cards()[0].updates == 1);
    w.auth.data["r1"]["hallpass"]["approvals"] = approvals_by({"bob", "carol"});
    one.look_again("r1");
    w.clock.run_until([] { return false; }, 1s);
    CHECK(w.service.replies().size() == 2);
    one.changed(w.resolve("r1", access::request_state::approved));
    two.changed(w.auth.requests["r1"]);
    CHECK(w.settle());
    CHECK(w.service.cards()[0].shown.state == access::request_state::approved);
    CHECK(w.service.cards()[0].shown.reviews.size() == 2);
    CHECK(w.service.messages.size() == 3);
}

TEST_CASE("P1 approvals that can't be asked for are asked again, and nothing untrue is posted meanwhile") {
    const access::state_rules rules{{{"*", {"bob"}}}, {}};
    world w;
    w.judged_by = &rules;
    w.auth.data["r1"]["hallpass"]["approvals"] = approvals_by({"bob"});
    w.auth.next_reads.emplace_back(lost(), false);
    w.auth.next_reads.emplace_back(lost(), false);
    w.start().changed(w.create());
    w.clock.run_ready();
    CHECK(w.service.cards().empty());
    w.clock.run_until([&] { return !w.service.cards().empty(); }, 10s);
    REQUIRE(w.service.cards().size() == 1);
    CHECK(w.service.cards()[0].shown.reviews.size() == 1);
}
