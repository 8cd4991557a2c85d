#include "bench.hpp"
#include "services/ticket_facts.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::test;
using access::address;
using access::delivery_key;
using access::message_ref;
using access::request_state;

namespace {

const std::string taken = R"({"result":"Request will be processed","requestId":"r-1"})";
const std::string not_yet = R"({"message":"Request not found. It might not be processed, yet."})";
const std::string open_alert = R"({"data":{"id":"a-1","alias":"x","status":"open"}})";
const std::string closed_alert = R"({"data":{"id":"a-1","alias":"x","status":"closed"}})";

std::string done(bool success = true, const std::string& alert = "a-1") {
    return R"({"data":{"isSuccess":)" + std::string(success ? "true" : "false") +
           R"(,"status":"so it is","alertId":")" + alert + R"("}})";
}

std::string notes(const std::string& text) {
    boost::json::object one{{"note", text}, {"owner", "hallpass"}, {"offset", "1_1"}};
    return boost::json::serialize(boost::json::object{{"data", boost::json::array{one}}});
}

auto post(bench& all) {
    const auto card = approver_card(sample_request());
    return all.run([&] {
        return all.opsgenie.post(address("schedule:Database"), card, delivery_key(card.request_id, "card"));
    });
}

auto end(bench& all, request_state state = request_state::denied) {
    const auto card = approver_card(resolved(sample_request(), state, "No."));
    return all.run([&] { return all.opsgenie.update(message_ref("a-1", "a-1"), card); });
}

} // namespace

TEST_CASE("an alert is taken, followed until it is made, and known by its id") {
    bench all;
    all.answers(taken, 202);
    all.answers(not_yet, 404);
    all.answers(not_yet, 404);
    all.answers(done());
    const auto sent = post(all);
    REQUIRE(sent.has_value());
    CHECK(*sent == message_ref("a-1", "a-1"));
    CHECK(all.asked(0) == "POST alerts.example/alerts");
    CHECK(all.asked(1) == "GET alerts.example/alerts/requests/r-1");
    CHECK(all.http.asked.size() == 4);
    CHECK(all.header(0, "Authorization") == "GenieKey the-key");
    CHECK_FALSE(all.http.asked[0].repeatable);
    const std::vector<ports::pace_key> counted_under{{"opsgenie alert"}};
    CHECK(all.http.asked[0].pace_keys == counted_under);
    CHECK(all.body_of(0).at("alias") == "teleport-access-request/0195a5b2-7c1e-7a52-9d0b-3f6f0f5c1a11");
    CHECK(all.log.text.empty());
}

TEST_CASE("an alert that isn't made in time, or of which nothing is heard, is uncertain") {
    bench late;
    late.answers(taken, 202);
    for (int i = 0; i < 8; ++i) {
        late.answers(i % 2 == 0 ? not_yet : "{}", i % 2 == 0 ? 404 : 500);
    }
    const auto sent = post(late);
    REQUIRE(sent.has_error());
    CHECK(sent.error().uncertain());
    CHECK(sent.error().text() == "Opsgenie POST alerts: taken, and not done yet");
    bench odd;
    odd.answers("{}", 202);
    CHECK(post(odd).error().uncertain());
    bench nameless;
    nameless.answers(taken, 202);
    nameless.answers(done(true, ""));
    CHECK(post(nameless).error().uncertain());
    bench refused;
    refused.answers(taken, 202);
    refused.answers(R"({"message":"no"})", 403);
    CHECK(post(refused).error().uncertain());
}

TEST_CASE("an alert that was taken but isn't made is told of, with what they say") {
    bench all;
    all.answers(taken, 202);
    all.answers(done(false));
    const auto sent = post(all);
    REQUIRE(sent.has_error());
    CHECK(sent.error().kind() == fault_kind::permanent);
    CHECK_FALSE(sent.error().uncertain());
    CHECK(sent.error().text() == "Opsgenie POST alerts: taken, but not done: so it is");
}

TEST_CASE("an alert is found by its alias, in the way of each") {
    const delivery_key key("0195", "card");
    const std::string found = R"({"id":"a-1","alias":"teleport-access-request/0195","status":"closed"})";
    bench one;
    one.answers("{\"data\":" + found + "}");
    const auto there = one.run([&] { return one.opsgenie.find(address("x"), {}, key, instant{}); });
    REQUIRE(there.has_value());
    CHECK(*there == message_ref("a-1", "a-1"));
    CHECK(one.asked(0) == "GET reading.example/alerts/teleport-access-request%2F0195?identifierType=alias");
    CHECK(one.header(0, "Authorization") == "Basic abc");
    bench jsm(opsgenie_config_of(true));
    jsm.answers(found);
    CHECK((*jsm.run([&] { return jsm.opsgenie.find(address("x"), {}, key, instant{}); }))->id == "a-1");
    CHECK(jsm.asked(0) == "GET reading.example/alerts/alias?alias=teleport-access-request%2F0195");
    bench none;
    none.answers(R"({"message":"Alert does not exist"})", 404);
    none.answers(open_alert);
    CHECK_FALSE(none.run([&] { return none.opsgenie.find(address("x"), {}, key, instant{}); })->has_value());
    CHECK(none.run([&] { return none.opsgenie.find(address("x"), {}, key, instant{}); }).has_error());
}

TEST_CASE("a review is a note with its mark, and is found by it") {
    const auto card = approver_card(reviewed_request());
    const delivery_key key(card.request_id, "review-1");
    bench all;
    all.answers(taken, 202);
    all.answers(done());
    const auto sent = all.run([&] { return all.opsgenie.reply(message_ref("a-1", "a-1"), card, 0, key); });
    REQUIRE(sent.has_value());
    CHECK(*sent == message_ref("a-1", "review-1"));
    CHECK(all.asked(0) == "POST alerts.example/alerts/a-1/notes?identifierType=id");
    const std::string text(all.body_of(0).at("note").as_string());
    CHECK(text.ends_with(services::mark_text(key)));
    all.answers(notes(text));
    const auto found =
        all.run([&] { return all.opsgenie.find(address("x"), message_ref("a-1", "a-1"), key, instant{}); });
    REQUIRE(found.has_value());
    CHECK(*found == message_ref("a-1", "review-1"));
    CHECK(all.asked(2) == "GET reading.example/alerts/a-1/notes?identifierType=id&limit=100");
    all.answers(notes("something else"));
    CHECK_FALSE(all.run([&] {
                       return all.opsgenie.find(address("x"), message_ref("a-1", "a-1"), key, instant{});
                   }
    )->has_value());
}

TEST_CASE("notes are looked through page after page") {
    boost::json::array page;
    for (int i = 0; i < 100; ++i) {
        page.push_back(boost::json::object{{"note", "x"}, {"offset", std::to_string(i) + "_1"}});
    }
    bench all;
    all.answers(boost::json::serialize(boost::json::object{{"data", page}}));
    all.answers(notes("y\n" + services::mark_text(delivery_key("0195", "review-1"))));
    const auto found = all.run([&] {
        return all.opsgenie.find(
            address("x"), message_ref("a-1", ""), delivery_key("0195", "review-1"), instant{}
        );
    });
    CHECK(found->has_value());
    CHECK(
        all.asked(1) ==
        "GET reading.example/alerts/a-1/notes?identifierType=id&limit=100&offset=99_1&direction=next"
    );
}

TEST_CASE("the end closes an alert with a note, once, however often it is told") {
    bench all;
    all.answers(open_alert);
    all.answers(R"({"data":[]})");
    all.answers(taken, 202);
    all.answers(done());
    CHECK(end(all).has_value());
    CHECK(all.asked(2) == "POST alerts.example/alerts/a-1/close?identifierType=id");
    const std::string text(all.body_of(2).at("note").as_string());
    CHECK(text.find("DENIED") != std::string::npos);
    all.answers(closed_alert);
    all.answers(notes(text));
    CHECK(end(all).has_value());
    CHECK(all.http.asked.size() == 6);
}

TEST_CASE("an alert of a request that was resolved meanwhile is told the end and closed, or uncertain") {
    const auto card = approver_card(resolved(sample_request(), request_state::denied, "No."));
    bench all;
    const auto post_resolved = [&] {
        return all.run([&] {
            return all.opsgenie.post(
                address("schedule:Database"), card, delivery_key(card.request_id, "card")
            );
        });
    };
    all.answers(taken, 202);
    all.answers(done());
    all.answers(open_alert);
    all.answers(R"({"data":[]})");
    all.answers(taken, 202);
    all.answers(done());
    const auto whole = post_resolved();
    REQUIRE(whole.has_value());
    CHECK(*whole == message_ref("a-1", "a-1"));
    CHECK(all.asked(4) == "POST alerts.example/alerts/a-1/close?identifierType=id");

    all.answers(taken, 202);
    all.answers(done());
    all.answers("{}", 500);
    const auto half = post_resolved();
    REQUIRE(half.has_error());
    CHECK(half.error().uncertain());
}

TEST_CASE("an alert that somebody has closed is told the end; one that was told it is closed without a word"
) {
    bench closed;
    closed.answers(closed_alert);
    closed.answers(R"({"data":[]})");
    closed.answers(taken, 202);
    closed.answers(done());
    CHECK(end(closed).has_value());
    CHECK(closed.asked(2) == "POST alerts.example/alerts/a-1/notes?identifierType=id");
    bench told;
    told.answers(open_alert);
    told.answers(notes("x\n" + services::mark_text(delivery_key(sample_request().id, "outcome"))));
    told.answers(taken, 202);
    told.answers(done());
    CHECK(end(told).has_value());
    CHECK_FALSE(told.body_of(2).contains("note"));
}

TEST_CASE("check tries the keys, changes nothing, and tells of the end that is near") {
    bench all;
    all.answers(not_yet, 404);
    all.answers(R"({"message":"Alert does not exist"})", 404);
    const auto said = all.run([&] { return all.opsgenie.check(); });
    REQUIRE(said.has_value());
    CHECK(said->find("Opsgenie ends on 5 April 2027") != std::string::npos);
    CHECK(said->find("[jsm]") != std::string::npos);
    for (const ports::http_request& one : all.http.asked) {
        CHECK(one.method == ports::http_method::get);
    }
    bench wrong;
    wrong.answers(R"({"message":"Could not authenticate"})", 401);
    CHECK(wrong.run([&] { return wrong.opsgenie.check(); }).error().kind() == fault_kind::unauthorised);
    bench blind(opsgenie_config_of(true));
    blind.answers(not_yet, 404);
    blind.answers(R"({"message":"no"})", 403);
    CHECK(blind.run([&] { return blind.opsgenie.check(); }).error().kind() == fault_kind::unauthorised);
}

TEST_CASE("nothing is decided here, and requesters have no copy") {
    bench all;
    scripted_desk desk(all.context);
    CHECK(all.opsgenie.take_decisions(desk).empty());
    CHECK_FALSE(all.run([&] { return all.opsgenie.resolve_requester("alice@example.com"); })->has_value());
    CHECK(all.http.asked.empty());
}
