#include "judge.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace hallpass::chaos;

namespace {

shown_message card(const char* request, const char* channel, const char* state) {
    shown_message made;
    made.place = channel;
    made.id = std::string("1.") + channel + request;
    made.state = state;
    made.request_id = request;
    made.part = "card";
    return made;
}

shown_message reply(const char* request, const char* channel, const char* part) {
    shown_message made = card(request, channel, "APPROVED");
    made.below = made.id;
    made.id = "2";
    made.part = part;
    return made;
}

shown_message outcome(const char* request, const char* state) {
    shown_message made = card(request, "D", state);
    made.part = "outcome";
    return made;
}

// One pending request, reviewed once, and one that was approved; all told as it should be.
struct fixture {
    truth told;
    std::vector<shown_message> shown;

    fixture() {
        told.places = {"A", "B"};
        told.requester_place = "D";
        told.requests = {{"one", "PENDING", false, {"bob"}}, {"two", "APPROVED", false, {}}};
        told.holders = {{"one", ""}, {"two", ""}};
        for (const char* channel : {"A", "B", "D"}) {
            shown.push_back(card("one", channel, "PENDING"));
            shown.push_back(reply("one", channel, "review-1"));
            shown.push_back(card("two", channel, "APPROVED"));
        }
        shown.push_back(outcome("two", "APPROVED"));
    }

    verdict judged() const { return judge(told, shown); }

    shown_message& message(const char* request, const char* channel, const char* part) {
        return *std::ranges::find_if(shown, [&](const shown_message& one) {
            return one.request_id == request && one.place == channel && one.part == part;
        });
    }

    void remove(const char* request, const char* channel, const char* part) {
        shown.erase(shown.begin() + (&message(request, channel, part) - shown.data()));
    }
};

} // namespace

TEST_CASE_FIXTURE(fixture, "the judge finds nothing where everybody was told everything once") {
    CHECK(judged().clean());
    CHECK(to_text(judged()).empty());
}

TEST_CASE_FIXTURE(fixture, "the judge finds a recipient without a card") {
    remove("one", "B", "card");
    const verdict found = judged();
    REQUIRE(found.lost.size() == 1);
    CHECK(found.lost[0] == "one in B: no card");
    CHECK(found.doubled.empty());
    CHECK(found.stale.empty());
}

TEST_CASE_FIXTURE(fixture, "the judge finds a review and an outcome that nobody was told") {
    remove("one", "A", "review-1");
    remove("two", "D", "outcome");
    CHECK(judged().lost.size() == 2);
}

TEST_CASE_FIXTURE(fixture, "the judge finds cards, replies and outcomes that came twice") {
    shown.push_back(card("two", "A", "APPROVED"));
    shown.push_back(reply("one", "D", "review-1"));
    shown.push_back(outcome("two", "APPROVED"));
    const verdict found = judged();
    CHECK(found.doubled.size() == 3);
    CHECK(found.lost.empty());
    CHECK(found.stale.empty());
}

TEST_CASE_FIXTURE(fixture, "the judge finds a message that says something else than Teleport") {
    message("two", "A", "card").state = "PENDING";
    CHECK(judged().stale == std::vector<std::string>{"two in A: says PENDING, is APPROVED"});
    message("two", "D", "outcome").state = "DENIED";
    CHECK(judged().stale.size() == 2);
}

TEST_CASE_FIXTURE(fixture, "the judge finds cards whose rest lags behind or that lack a review") {
    message("two", "A", "card").agrees = false;
    CHECK(judged().stale.size() == 1);
    message("one", "A", "card").in_full = true;
    CHECK(judged().stale.size() == 2);
    message("one", "A", "card").reviewers = {"bob"};
    CHECK(judged().stale.size() == 1);
}

TEST_CASE_FIXTURE(fixture, "the judge finds a reply in another thread, and an outcome told too early") {
    message("one", "A", "review-1").below = "other";
    shown.push_back(outcome("one", "APPROVED"));
    CHECK(judged().stale.size() == 2);
}

TEST_CASE_FIXTURE(fixture, "the judge finds a claim that nobody gave back") {
    told.holders["one"] = "a1b2";
    CHECK(judged().claimed == std::vector<std::string>{"one by a1b2"});
}

TEST_CASE_FIXTURE(fixture, "a deleted request needs no new message, but those there are must say EXPIRED") {
    told.requests[0].state = "EXPIRED";
    told.requests[0].deleted = true;
    CHECK(judged().stale.size() == 3);
    CHECK(judged().lost == std::vector<std::string>{"one in D: the outcome was not told"});
    std::erase_if(shown, [](const shown_message& one) { return one.request_id == "one"; });
    CHECK(judged().clean());
}

TEST_CASE_FIXTURE(
    fixture, "what comes twice is excused as often as hallpass has said that it sends it again"
) {
    shown.push_back(card("two", "A", "APPROVED"));
    shown.back().id = "again";
    told.repeated[{"two", "A", "card"}] = 1;
    CHECK(judged().clean());
    CHECK(judged().foretold == 1);
    message("two", "A", "card").state = "PENDING"; // the first one, which nobody knows
    CHECK(judged().clean());
    shown.back().state = "PENDING";
    CHECK(judged().stale.size() == 1);
    shown.push_back(card("two", "A", "APPROVED"));
    CHECK(judged().doubled.size() == 1);
}

TEST_CASE_FIXTURE(fixture, "what is left is excused where hallpass has said so, and nowhere else") {
    remove("one", "A", "card");
    told.skipped[{"one", "B", "card"}] = 1;
    CHECK(judged().lost == std::vector<std::string>{"one in A: no card"});
    told.skipped[{"one", "A", "card"}] = 1;
    CHECK(judged().clean());
}

TEST_CASE_FIXTURE(
    fixture, "a letter that shows a review needs no reply, and what was said last counts for all"
) {
    told.held_to.letters = true;
    told.held_to.outcome = outcome_told_to::nobody;
    remove("one", "A", "review-1");
    remove("two", "D", "outcome");
    CHECK(judged().lost.size() == 1);
    message("one", "A", "card").reviewers = {"bob"};
    CHECK(judged().clean());
}

TEST_CASE_FIXTURE(fixture, "where everybody is told how it ended, the judge finds who wasn't") {
    told.held_to.outcome = outcome_told_to::everybody;
    CHECK(judged().lost.size() == 2);
    for (const char* channel : {"A", "B"}) {
        shown.push_back(outcome("two", "APPROVED"));
        shown.back().place = channel;
    }
    CHECK(judged().clean());
}
