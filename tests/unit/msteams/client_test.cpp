#include "../services/samples.hpp"
#include "bench.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::test;
using access::address;
using access::delivery_key;
using access::message_ref;

namespace {

const std::string conversations = "https://bot.example/emea/v3/conversations/";
const std::string activities = conversations + "19%3Aapprovals%40thread.tacv2/activities";
const std::string channel_url =
    "https://teams.microsoft.com/l/channel/19%3Aapprovals%40thread.tacv2/Approvals?groupId="
    "7ea30000-0000-4000-8000-000000000001&tenantId=";

std::string card_in(const boost::json::object& activity) {
    CHECK(activity.at("attachments").at(0).at("contentType") == "application/vnd.microsoft.card.adaptive");
    return boost::json::serialize(activity.at("attachments").at(0).at("content"));
}

} // namespace

TEST_CASE("a check asks for both tokens and the app, and says which and where") {
    bench all;
    all.token("graph");
    all.token("bot");
    all.catalogue();
    const auto checked = all.run([&] { return all.teams.check(); });
    REQUIRE(checked.has_value());
    CHECK(
        *checked == "the app hallpass (3a41fe57-0000-4000-8000-000000000001) in the tenant "
                    "7e4a4700-0000-4000-8000-0000000000aa"
    );
    CHECK(all.http.asked.size() == 3);
}

TEST_CASE("a card is posted once, to its conversation, with its key and words for the notification") {
    bench all;
    all.token("bot");
    all.says(R"({"id":"1700000000000"})", 201);
    const auto card = approver_card(sample_request());
    const delivery_key key(card.request_id, "card");
    const auto sent = all.run([&] { return all.teams.post(address(channel_id), card, key); });
    REQUIRE(sent.has_value());
    CHECK(*sent == message_ref(channel_id, "1700000000000"));
    const auto& asked = all.http.asked.back();
    CHECK(asked.url == activities);
    CHECK_FALSE(asked.repeatable);
    REQUIRE(asked.pace_keys.size() == 2);
    CHECK(asked.pace_keys[0] == ports::pace_key{"msteams bot", std::chrono::milliseconds(34)});
    CHECK(asked.pace_keys[1].name == "msteams " + std::string(channel_id));
    const auto body = all.body_of(1);
    CHECK(body.at("summary") == "⏳ PENDING · alice@example.com: role request for db_reader, prod-admin");
    CHECK(card_in(body).find("ID " + card.request_id + " · card") != std::string::npos);
    all.check_secret_is_kept();
}

TEST_CASE("a post whose answer is lost, garbled or names no message may be there; nobody can look it up") {
    for (int how = 0; how < 3; ++how) {
        CAPTURE(how);
        bench all;
        all.token("bot");
        if (how == 0) {
            fault lost(fault_kind::transient, "timed out");
            lost.set_uncertain(true);
            all.http.script.emplace_back(lost);
        } else {
            all.says(how == 1 ? "{}" : "{\"id\":tr", 201);
        }
        const auto sent =
            all.run([&] { return all.teams.post(address(channel_id), {}, delivery_key("id", "card")); });
        REQUIRE(sent.has_error());
        CHECK(sent.error().uncertain());
        const auto found =
            all.run([&] { return all.teams.find(address(channel_id), {}, delivery_key("id", "card"), {}); });
        REQUIRE(found.has_error());
        CHECK(found.error().kind() == fault_kind::unsupported);
    }
}

TEST_CASE("an update puts the whole card in the message's place, and may be repeated") {
    bench all;
    all.token("bot");
    all.says("{}");
    const auto card = approver_card(resolved(sample_request(), access::request_state::approved, "fine"));
    const auto done = all.run([&] { return all.teams.update(message_ref(channel_id, "17:1"), card); });
    CHECK(done.has_value());
    CHECK(all.http.asked.back().method == ports::http_method::put);
    CHECK(all.http.asked.back().url == activities + "/17%3A1");
    CHECK(all.http.asked.back().repeatable);
    CHECK(all.body_of(1).at("id") == "17:1");
    CHECK(card_in(all.body_of(1)).find("APPROVED") != std::string::npos);
}

TEST_CASE("a message of upstream's program is found by whom it was for") {
    bench all;
    all.token("graph");
    all.catalogue();
    all.says(R"({"value":[{"id":"i"}]})");
    all.token("bot");
    all.says("{}");
    const auto card = approver_card(reviewed_request());
    const std::string link = channel_url + tenant_id;
    REQUIRE(all.run([&] { return all.teams.update(message_ref(link, "17"), card); }).has_value());
    CHECK(all.http.asked.back().url == activities + "/17");
    all.says(R"({"value":[{"id":"i"}]})");
    all.says(R"({"id":"18"})", 201);
    const delivery_key key(card.request_id, "review-1");
    const auto told = all.run([&] { return all.teams.reply(message_ref(link, "17"), card, 0, key); });
    REQUIRE(told.has_value());
    CHECK(told->conversation == channel_id);
    const auto gone = all.run([&] { return all.teams.update(message_ref("no body", "17"), card); });
    CHECK(gone.has_error());
}

TEST_CASE("a review stands below the card in a channel, and after it in a chat") {
    bench all;
    all.token("bot");
    all.says(R"({"id":"2"})", 201);
    all.says(R"({"id":"3"})", 201);
    const auto card = approver_card(reviewed_request());
    const delivery_key key(card.request_id, "review-2");
    CHECK(all.run([&] { return all.teams.reply(message_ref(channel_id, "1"), card, 1, key); }).has_value());
    CHECK(
        all.http.asked.back().url ==
        conversations + "19%3Aapprovals%40thread.tacv2%3Bmessageid%3D1/activities"
    );
    CHECK(all.http.asked.back().pace_keys.back().name == "msteams " + std::string(channel_id));
    CHECK(card_in(all.body_of(1)).find("Use the replica.") != std::string::npos);
    const message_ref chat("19:a_b@unq.gbl.spaces", "1");
    CHECK(all.run([&] { return all.teams.reply(chat, card, 1, key); })->conversation == chat.conversation);
    CHECK(all.http.asked.back().url == conversations + "19%3Aa_b%40unq.gbl.spaces/activities");
    CHECK(all.run([&] { return all.teams.reply(chat, card, 2, key); }).error().kind() == fault_kind::bug);
}

TEST_CASE("a channel is a recipient by its link, where its team has the app") {
    bench all;
    all.token("graph");
    all.catalogue();
    all.says(R"({"value":[{"id":"i"}]})");
    all.says(R"({"value":[]})");
    const auto there = all.run([&] { return all.teams.resolve(channel_url + tenant_id); });
    REQUIRE(there.has_value());
    CHECK(there->id == channel_id);
    const auto without = all.run([&] { return all.teams.resolve(channel_url + tenant_id); });
    REQUIRE(without.has_error());
    CHECK(without.error().text().find("add it to the team") != std::string::npos);
    const auto foreign =
        all.run([&] { return all.teams.resolve(channel_url + "7e4a4700-0000-4000-8000-0000000000bb"); });
    REQUIRE(foreign.has_error());
    CHECK(foreign.error().kind() == fault_kind::not_found);
    CHECK(all.http.asked.size() == 4);
}

TEST_CASE("people of the table are known without asking, and what names nobody is told") {
    bench all;
    all.token("graph");
    all.catalogue();
    all.says(R"({"value":[{"id":"i"}]})");
    all.says(R"({"id":"19:chat@unq.gbl.spaces"})");
    const auto alice = all.run([&] { return all.teams.resolve("alice"); });
    REQUIRE(alice.has_value());
    CHECK(alice->id == "19:chat@unq.gbl.spaces");
    all.says(R"({"value":[]})");
    const auto nobody = all.run([&] { return all.teams.resolve("nobody@example.com"); });
    REQUIRE(nobody.has_error());
    CHECK(nobody.error().kind() == fault_kind::not_found);
    for (const char* odd : {"", "a b@example.com", "https://example.com/", "x\x01y"}) {
        CAPTURE(odd);
        CHECK(all.run([&] { return all.teams.resolve(odd); }).error().kind() == fault_kind::not_found);
    }
}

TEST_CASE("a requester whom Teams doesn't know has no copy, and a refusal doesn't hold up the others") {
    bench all;
    CHECK_FALSE(all.run([&] { return all.teams.resolve_requester("dan"); })->has_value());
    CHECK(all.http.asked.empty());
    all.token("graph");
    all.says(R"({"value":[]})");
    CHECK_FALSE(all.run([&] { return all.teams.resolve_requester("dan@example.com"); })->has_value());
    all.says(R"({"error":{"code":"Authorization_RequestDenied","message":"no"}})", 403);
    CHECK_FALSE(all.run([&] { return all.teams.resolve_requester("dan@example.com"); })->has_value());
    CHECK(all.log.text.find("requester_not_looked_up") != std::string::npos);
    all.says("", 503);
    CHECK(all.run([&] { return all.teams.resolve_requester("dan@example.com"); }).has_error());
}
