#include "bench.hpp"
#include "services/ticket_facts.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::test;
using access::address;
using access::delivery_key;
using access::message_ref;

namespace {

const delivery_key card_key("0195a5b2", "card");
const delivery_key review_key("0195a5b2", "review-1");

std::string incident_of(const std::string& id, const std::string& status, const std::string& key) {
    return R"({"id":")" + id + R"(","incident_key":")" + key + R"(","status":")" + status +
           R"(","service":{"id":"PSVC001"}})";
}

std::string page(const std::string& incidents, bool more = false) {
    return "{\"incidents\":[" + incidents + "],\"more\":" + (more ? "true}" : "false}");
}

std::string notes(const std::string& user, const std::string& content) {
    boost::json::object one{
        {"id", "PNOT001"}, {"content", content}, {"user", boost::json::object{{"id", user}}}};
    return boost::json::serialize(boost::json::object{{"notes", boost::json::array{one}}});
}

auto find(bench& all, const delivery_key& key, const message_ref& thread = {}) {
    return all.run([&] { return all.pagerduty.find(address("PSVC001"), thread, key, instant{}); });
}

} // namespace

TEST_CASE("an incident is found by its key on its service, also when somebody has resolved it") {
    bench all;
    all.answers(page(incident_of("PINC001", "resolved", "teleport-access-request/0195a5b2")));
    const auto found = find(all, card_key);
    REQUIRE(found.has_value());
    CHECK(*found == message_ref("PINC001", "PINC001"));
    CHECK(
        all.asked(0) ==
        "GET incidents?incident_key=teleport-access-request%2F0195a5b2&service_ids%5B%5D=PSVC001&"
        "date_range=all&limit=100&offset=0"
    );
}

TEST_CASE("of several, the one that is open is it, and what PagerDuty lists besides isn't") {
    bench all;
    const std::string key = "teleport-access-request/0195a5b2";
    all.answers(page(incident_of("PINC001", "resolved", key) + ',' + incident_of("PINC002", "triggered", key))
    );
    CHECK((*find(all, card_key))->id == "PINC002");
    all.answers(page(incident_of("PINC003", "triggered", "teleport-access-request/other")));
    CHECK_FALSE(find(all, card_key)->has_value());
}

TEST_CASE("pages are followed, and a fault on any is no answer") {
    bench all;
    all.answers(page(incident_of("PX", "triggered", "other"), true));
    all.answers("{}", 500);
    CHECK(find(all, card_key).has_error());
    all.answers(page("", true));
    const auto empty = find(all, card_key);
    REQUIRE(empty.has_error());
    CHECK(empty.error().text().find("a page is empty, but not the last") != std::string::npos);
}

TEST_CASE("a note is found by its mark, where hallpass itself wrote it") {
    const message_ref thread("PINC001", "PINC001");
    const std::string content = "Review: DENIED\n" + services::mark_text(review_key);
    bench all;
    all.answers(own_user_page);
    all.answers(notes("PHALLP1", content));
    CHECK(*find(all, review_key, thread) == message_ref("PINC001", "PNOT001"));
    CHECK(all.asked(1) == "GET incidents/PINC001/notes");
    all.answers(notes("PMALLORY", content));
    CHECK_FALSE(find(all, review_key, thread)->has_value());
    all.answers(notes("PHALLP1", content + " and more"));
    CHECK_FALSE(find(all, review_key, thread)->has_value());
    all.answers(R"({"error":{"message":"oops"}})", 503);
    CHECK(find(all, review_key, thread).has_error());
}
