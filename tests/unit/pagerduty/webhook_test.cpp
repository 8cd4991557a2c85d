#include "services/pagerduty/webhook.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::services::pagerduty;
using access::verdict;

namespace {

std::string event(
    const std::string& type,
    const std::string& data,
    const std::string& agent = R"({"id":"PBOB0001","type":"user_reference"})"
) {
    return R"({"event":{"id":"01DEN1","event_type":")" + type +
           R"(","resource_type":"incident","occurred_at":"2026-03-01T03:00:00Z","agent":)" + agent +
           R"(,"data":)" + data + "}}";
}

const std::string note =
    R"({"id":"PNOT001","type":"incident_note","incident":{"id":"PINC001"},"content":"approve","trimmed":false})";
const std::string run =
    R"({"id":"01CELD6T9C2JS745I7CAK0LRRF","type":"incident_action_invocation","incident":{"id":"PINC001"}})";

hint_kind kind_of(const std::string& body) {
    const auto read = read_webhook(body);
    REQUIRE(read);
    return read->kind;
}

} // namespace

TEST_CASE("a note is a hint: its ids, and nothing of what it says") {
    const auto read = read_webhook(event("incident.annotated", note));
    REQUIRE(read);
    CHECK(read->kind == hint_kind::note);
    CHECK(read->id == "01DEN1");
    CHECK(read->incident == "PINC001");
    CHECK(read->thing == "PNOT001");
    CHECK(read->agent == "PBOB0001");
    CHECK(read->occurred == parse_rfc3339("2026-03-01T03:00:00Z"));
}

TEST_CASE("a run of an action is one, once") {
    CHECK(kind_of(event("incident.action_invocation.created", run)) == hint_kind::action);
    CHECK(kind_of(event("incident.action_invocation.updated", run)) == hint_kind::none);
    CHECK(kind_of(event("incident.action_invocation.terminated", run)) == hint_kind::none);
}

TEST_CASE("acknowledging, resolving, unknown events and automation decide nothing") {
    for (const auto* type :
         {"incident.acknowledged", "incident.resolved", "incident.custom", "pagey.ping", ""}) {
        CAPTURE(type);
        CHECK(kind_of(event(type, note)) == hint_kind::none);
    }
    CHECK(kind_of(event("incident.annotated", note, "null")) == hint_kind::none);
    CHECK(
        kind_of(event("incident.annotated", note, R"({"id":"PBOB0001","type":"service_reference"})")) ==
        hint_kind::none
    );
    CHECK(kind_of(event("incident.annotated", run)) == hint_kind::none);
    const std::string climbing = R"({"id":"../users","type":"incident_note","incident":{"id":"PINC001"}})";
    CHECK(kind_of(event("incident.annotated", climbing)) == hint_kind::none);
    CHECK(kind_of(event("incident.annotated", "[]")) == hint_kind::none);
}

TEST_CASE("what is no event is none") {
    for (const auto* body :
         {"", "null", "[]", "{}", "{\"event\":1}", "{\"event\":{}}", R"({"event":{"id":7}})",
          R"({"event":{"id":"a b"}})"}) {
        CAPTURE(body);
        CHECK_FALSE(read_webhook(body));
    }
    CHECK_FALSE(read_webhook(std::string(100, '[') + std::string(100, ']')));
}

TEST_CASE("a note decides by its first word alone, before a colon or a line break") {
    const auto words = read_note("  Approve: seen, and fine \n");
    REQUIRE(words);
    CHECK(words->what == verdict::approve);
    CHECK(words->reason == "seen, and fine");
    CHECK(read_note("deny\nUse the replica.\nToday: no.")->reason == "Use the replica.\nToday: no.");
    CHECK(read_note("DENY")->what == verdict::deny);
    CHECK(read_note("approve :")->reason.empty());
    CHECK(read_note("deny\r\nno")->reason == "no");
}

TEST_CASE("a note in other words decides nothing") {
    for (const auto* text :
         {"", "approve this", "I approve", "not approve", "approved", "approve, please", "approve!", "deny?",
          "yes", "> approve", "don't deny", "approve\xE2\x80\x8B"}) {
        CAPTURE(text);
        CHECK_FALSE(read_note(text));
    }
}
