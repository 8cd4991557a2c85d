#include "judge.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace hallpass::chaos;

namespace {

shown_message card(const char* request, const char* channel, const char* state) {
    shown_message made;
    made.channel = channel;
    made.ts = std::string("1.") + channel + request;
    made.text = std::string("⏳ ") + state + " alice@example.com: role request";
    made.request_id = request;
    made.part = "card";
    return made;
}

shown_message reply(const char* request, const char* channel, const char* part) {
    shown_message made = card(request, channel, "APPROVED");
    made.text = "bob reviewed the request. Resolution: APPROVED";
    made.thread_ts = made.ts;
    made.ts = "2";
    made.part = part;
    return made;
}

shown_message outcome(const char* request, const char* state) {
    shown_message made = card(request, "D", state);
    made.text = std::string("Your request is ✅ ") + state;
    made.part = "outcome";
    return made;
}

// One pending request, reviewed once, and one that was approved; all told as it should be.
struct fixture {
    truth told;
    std::vector<shown_message> shown;

    fixture() {
        told.channels = {"A", "B"};
        told.requester_channel = "D";
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
            return one.request_id == request && one.channel == channel && one.part == part;
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
    message("two", "A", "card").text = "⏳ PENDING alice@example.com: role request APPROVED";
    CHECK(judged().stale == std::vector<std::string>{"two in A: says PENDING, is APPROVED"});
    message("two", "D", "outcome").text = "Your request is ❌ DENIED";
    CHECK(judged().stale.size() == 2);
}

TEST_CASE_FIXTURE(fixture, "the judge finds blocks that lag behind their text or lack a review") {
    message("two", "A", "card").blocks = R"([{"text":"⏳ PENDING"},{"text":"✅ APPROVED by "}])";
    CHECK(judged().stale.size() == 1);
    message("one", "A", "card").blocks = R"([{"text":"⏳ PENDING"}])";
    CHECK(judged().stale.size() == 2);
    message("one", "A", "card").blocks = R"([{"text":"⏳ PENDING"},{"text":"bob"}])";
    CHECK(judged().stale.size() == 1);
}

TEST_CASE_FIXTURE(fixture, "the judge finds a reply in another thread, and an outcome told too early") {
    message("one", "A", "review-1").thread_ts = "other";
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
