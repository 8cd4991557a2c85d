#include "access/plan.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace hallpass;
using namespace hallpass::access;
using namespace std::chrono_literals;

namespace {

const instant now{1772357400000ms};

access_request request_in(request_state state, std::size_t reviews = 0) {
    access_request request;
    request.id = "r1";
    request.state = state;
    request.reviews.resize(reviews);
    return request;
}

ledger ledger_with(delivery one) {
    ledger known;
    one.to = address("C1");
    known.deliveries.push_back(std::move(one));
    return known;
}

delivery nothing_sent() {
    return {};
}

delivery posted(std::string face, std::size_t replies = 0) {
    delivery one;
    one.message = message_ref("C1", "1.1");
    one.face = std::move(face);
    one.replies = replies;
    return one;
}

outlook as_me() {
    outlook seen;
    seen.now = now;
    seen.me = "me";
    return seen;
}

// "post reply1 update outcome", "?" before what is to be looked for first.
std::string written(const plan& planned) {
    constexpr std::array names{"post", "reply", "update", "outcome"};
    std::string text;
    for (const lane& lane : planned.lanes) {
        for (const step& step : lane.steps) {
            text += text.empty() ? "" : " ";
            text += step.look_first ? "?" : "";
            text += names[static_cast<std::size_t>(step.kind)];
            text += step.kind == step_kind::reply ? std::to_string(step.review + 1) : "";
        }
    }
    return text;
}

std::string owed(const access_request& request, delivery one) {
    return written(make_plan(request, ledger_with(std::move(one)), as_me()));
}

} // namespace

TEST_CASE("what is owed for every state of a request and of its message") {
    struct row {
        request_state state;
        const char* when_nothing_sent;
        const char* when_shown_pending;
        const char* when_up_to_date;
    };

    const std::array rows{
        row{request_state::pending, "post", "", ""},      row{request_state::approved, "post", "update", ""},
        row{request_state::denied, "post", "update", ""}, row{request_state::promoted, "post", "update", ""},
        row{request_state::expired, "", "update", ""},
    };
    for (const row& expected : rows) {
        const access_request request = request_in(expected.state);
        CAPTURE(to_string(expected.state));
        CHECK(owed(request, nothing_sent()) == expected.when_nothing_sent);
        CHECK(owed(request, posted("P0")) == expected.when_shown_pending);
        CHECK(owed(request, posted(face_of(request))) == expected.when_up_to_date);
    }
}

TEST_CASE("each review is replied to once, in order, before the message changes") {
    const access_request request = request_in(request_state::approved, 3);
    CHECK(owed(request, posted("P1", 1)) == "reply2 reply3 update");
    CHECK(owed(request, posted("A3", 3)).empty());
    CHECK(owed(request, nothing_sent()) == "post reply1 reply2 reply3");
}

TEST_CASE("the requester is told the outcome once") {
    delivery copy = posted("P0");
    copy.reader = audience::requester;
    CHECK(owed(request_in(request_state::pending), copy).empty());
    CHECK(owed(request_in(request_state::denied), copy) == "update outcome");
    copy.face = "D0";
    copy.outcome_told = true;
    CHECK(owed(request_in(request_state::denied), copy).empty());
}

TEST_CASE("a letter can't be changed: everybody who has one that says less is told the outcome, once") {
    const auto owed_by_mail = [](const access_request& request, delivery one) {
        outlook seen = as_me();
        seen.letters = true;
        return written(make_plan(request, ledger_with(std::move(one)), seen));
    };
    CHECK(owed_by_mail(request_in(request_state::pending), nothing_sent()) == "post");
    CHECK(owed_by_mail(request_in(request_state::pending, 2), nothing_sent()) == "post");
    CHECK(owed_by_mail(request_in(request_state::pending, 2), posted("P1", 1)) == "reply2 update");
    CHECK(owed_by_mail(request_in(request_state::denied, 1), posted("P0")) == "reply1 outcome update");
    CHECK(owed_by_mail(request_in(request_state::expired), posted("P0")) == "outcome update");
    CHECK(owed_by_mail(request_in(request_state::promoted), nothing_sent()) == "post");
    CHECK(owed_by_mail(request_in(request_state::denied, 1), posted("D1", 1)).empty());
    CHECK(owed_by_mail(request_in(request_state::pending), posted("D1", 1)).empty());
    delivery told = posted("P1", 1);
    told.outcome_told = true;
    CHECK(owed_by_mail(request_in(request_state::denied, 1), told) == "update");
    delivery unsure = posted("P1", 1);
    unsure.sending.outcome = true;
    CHECK(owed_by_mail(request_in(request_state::denied, 1), unsure) == "?outcome update");
}

TEST_CASE("a requester whose first letter told the outcome is told no more") {
    delivery copy = posted("D0");
    copy.reader = audience::requester;
    ledger known = ledger_with(copy);
    known.last_seen = request_in(request_state::denied);
    CHECK_FALSE(is_unfinished(known, true));
    CHECK(is_unfinished(known, false));
    known.deliveries.front().face = "P0";
    CHECK(is_unfinished(known, true));
}

TEST_CASE("what may have been sent is looked for first") {
    delivery unknown = nothing_sent();
    unknown.sending.card = true;
    CHECK(owed(request_in(request_state::pending), unknown) == "?post");
    CHECK(owed(request_in(request_state::expired), unknown) == "?post");
    delivery replying = posted("P0");
    replying.sending.replies = 2;
    CHECK(owed(request_in(request_state::approved, 2), replying) == "?reply1 ?reply2 update");
}

TEST_CASE("a snapshot older than the message changes nothing") {
    CHECK(owed(request_in(request_state::pending, 1), posted("A2", 2)).empty());
    CHECK(owed(request_in(request_state::pending, 1), posted("P2", 2)).empty());
    CHECK(owed(request_in(request_state::denied, 1), posted("A1", 1)) == "update");
}

TEST_CASE("nothing is done while another instance holds the claim, and everything once it ran out") {
    ledger known = ledger_with(nothing_sent());
    known.held = claim{"other", now + 5s};
    const plan held = make_plan(request_in(request_state::pending), known, as_me());
    CHECK(held.lanes.empty());
    CHECK(held.held_by_other);
    CHECK(held.look_again == now + 5s + max_clock_skew);
    CHECK_FALSE(held.settled);
    known.held = claim{"other", now};
    CHECK(make_plan(request_in(request_state::pending), known, as_me()).held_by_other);
    known.held = claim{"other", now - max_clock_skew};
    CHECK(written(make_plan(request_in(request_state::pending), known, as_me())) == "post");
    known.held = claim{"me", now + 5s};
    CHECK(written(make_plan(request_in(request_state::pending), known, as_me())) == "post");
}

TEST_CASE("a recipient whose lane is under way isn't planned for, and the others are") {
    ledger known = ledger_with(nothing_sent());
    delivery second;
    second.to = address("C2");
    known.deliveries.push_back(second);
    outlook seen = as_me();
    seen.busy = {address("C1")};
    const plan planned = make_plan(request_in(request_state::approved), known, seen);
    REQUIRE(planned.lanes.size() == 1);
    CHECK(planned.lanes[0].to == address("C2"));
    CHECK_FALSE(planned.settled);
}

TEST_CASE("what a former life was sending is looked for only when it must have arrived") {
    delivery was_sending = nothing_sent();
    was_sending.sending.card = true;
    ledger known = ledger_with(was_sending);
    known.held = claim{"me", now + 5s};
    outlook seen = as_me();
    seen.look_ups_from = now + 500ms;
    const plan early = make_plan(request_in(request_state::pending), known, seen);
    CHECK(early.lanes.empty());
    CHECK(early.look_again == now + 500ms);
    seen.now = now + 500ms;
    CHECK(written(make_plan(request_in(request_state::pending), known, seen)) == "?post");
}

TEST_CASE("a claim under which nobody works is stale") {
    ledger known = ledger_with(posted("P0"));
    known.held = claim{"me", now + 5s};
    CHECK(make_plan(request_in(request_state::pending), known, as_me()).stale_claim);
    known.held = claim{"other", now + 5s};
    CHECK_FALSE(make_plan(request_in(request_state::pending), known, as_me()).stale_claim);
    known.held = claim{"other", now - max_clock_skew};
    CHECK(make_plan(request_in(request_state::pending), known, as_me()).stale_claim);
    outlook seen = as_me();
    seen.busy = {address("C1")};
    known.held = claim{"me", now + 5s};
    CHECK_FALSE(make_plan(request_in(request_state::pending), known, seen).stale_claim);
}

TEST_CASE("a claim under which a card may have been sent is kept until it runs out") {
    ledger known = ledger_with(posted("P0"));
    known.deliveries[0].message = {};
    known.deliveries[0].sending.card = true;
    known.held = claim{"me", now + 5s};
    outlook seen = as_me();
    seen.patience_for[known.deliveries[0].to].not_before = now + 1h;
    const plan waiting = make_plan(request_in(request_state::pending), known, seen);
    CHECK_FALSE(waiting.stale_claim);
    CHECK(waiting.look_again == now + 5s);
    seen.now = now + 5s;
    CHECK(make_plan(request_in(request_state::pending), known, seen).stale_claim);
    seen.now = now;
    known.deliveries[0].sending.card = false;
    CHECK(make_plan(request_in(request_state::pending), known, seen).stale_claim);
}

TEST_CASE("what a ledger shows unfinished is what somebody must come back to") {
    ledger known = ledger_with(posted("P0"));
    known.last_seen = request_in(request_state::pending);
    CHECK(is_unfinished(known));
    known.last_seen.state = request_state::approved;
    CHECK(is_unfinished(known));
    known.deliveries[0].face = "A3";
    CHECK(is_unfinished(known)); // three reviews, and none was told
    known.deliveries[0].replies = 3;
    CHECK_FALSE(is_unfinished(known));
    known.deliveries[0].reader = audience::requester;
    CHECK(is_unfinished(known));
    known.deliveries[0].outcome_told = true;
    CHECK_FALSE(is_unfinished(known));
    known.held = claim{"gone", now};
    CHECK(is_unfinished(known));
}

TEST_CASE("a recipient that failed is tried when its time comes, and the others don't wait") {
    ledger known = ledger_with(nothing_sent());
    delivery second;
    second.to = address("C2");
    known.deliveries.push_back(second);
    outlook seen = as_me();
    seen.patience_for[address("C1")].not_before = now + 3s;
    const plan planned = make_plan(request_in(request_state::pending), known, seen);
    REQUIRE(planned.lanes.size() == 1);
    CHECK(planned.lanes[0].to == address("C2"));
    CHECK(planned.look_again == now + 3s);
}

TEST_CASE("settled is what is resolved and said so everywhere, or refused for good") {
    CHECK_FALSE(make_plan(request_in(request_state::pending), ledger_with(posted("P0")), as_me()).settled);
    CHECK(make_plan(request_in(request_state::approved), ledger_with(posted("A0")), as_me()).settled);
    CHECK(make_plan(request_in(request_state::approved), ledger(), as_me()).settled);
    outlook seen = as_me();
    seen.patience_for[address("C1")] = {now + 1h, 1h, true};
    CHECK(make_plan(request_in(request_state::approved), ledger_with(posted("P0")), seen).settled);
    CHECK_FALSE(make_plan(request_in(request_state::pending), ledger_with(nothing_sent()), seen).settled);
}

TEST_CASE("a claim marks what must not be sent twice") {
    ledger known = ledger_with(posted("P0"));
    const plan updates = make_plan(request_in(request_state::approved), known, as_me());
    CHECK_FALSE(claimed_for(updates, known, claim{"me", now + 30s}).deliveries[0].sending.any());
    const plan replies = make_plan(request_in(request_state::approved, 1), known, as_me());
    const ledger claimed = claimed_for(replies, known, claim{"me", now + 30s});
    CHECK(claimed.deliveries[0].sending.replies == 1);
    CHECK_FALSE(claimed.deliveries[0].sending.card);
    CHECK(claimed.held->holder == "me");
}
