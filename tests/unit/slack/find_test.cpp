#include "scripted_http.hpp"
#include "services/slack/history.hpp"
#include "services/slack/messages.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::test;
using access::address;
using access::delivery_key;
using access::message_ref;

namespace {

const delivery_key key("id-1", "card");
const instant since{std::chrono::seconds(1700000000)};

constexpr const char* who = R"({"ok":true,"user_id":"U0000BOT1","bot_id":"B0000BOT1"})";

std::string message(const std::string& bot, const delivery_key& carried, const std::string& ts) {
    boost::json::object made{
        {"bot_id", bot}, {"ts", ts}, {"blocks", boost::json::array{boost::json::object()}}};
    services::slack::mark_message(made, carried);
    return boost::json::serialize(made);
}

std::string page(const std::string& messages, const std::string& cursor = "") {
    return R"({"ok":true,"messages":[)" + messages + R"(],"response_metadata":{"next_cursor":")" + cursor +
           "\"}}";
}

result<std::optional<message_ref>> look(bench& all, const std::string& to, const message_ref& thread = {}) {
    return all.run([&] { return all.slack.find(address(to), thread, key, since); });
}

} // namespace

TEST_CASE("a message is found by its key among others, and only where it is ours") {
    bench all;
    all.http.script.emplace_back(answer(who));
    all.http.script.emplace_back(answer(page(
        message("B0000EVIL", key, "9.9") + "," +
        message("B0000BOT1", delivery_key("id-1", "outcome"), "8.8") + "," +
        message("B0000BOT1", key, "1.2") + ",1,null"
    )));
    const auto found = look(all, "C0123ABCD");
    REQUIRE(found.has_value());
    CHECK(*found == message_ref("C0123ABCD", "1.2"));
    CHECK(
        all.http.asked.at(1).url ==
        "https://slack.example/api/"
        "conversations.history?channel=C0123ABCD&include_all_metadata=true&inclusive=true"
        "&oldest=1699999940.000000&limit=200"
    );
    all.check_token_is_kept();
}

TEST_CASE("who we are is asked once, and all pages are looked through") {
    bench all;
    all.http.script.emplace_back(answer(who));
    all.http.script.emplace_back(answer(page("", "next=1")));
    all.http.script.emplace_back(answer(page(message("B0000BOT1", key, "1.2"))));
    all.http.script.emplace_back(answer(page("")));
    const auto found = look(all, "C0123ABCD");
    REQUIRE(found.has_value());
    CHECK(found->has_value());
    CHECK(all.http.asked.at(2).url.ends_with("&cursor=next%3D1"));
    const auto absent = look(all, "C0123ABCD");
    REQUIRE(absent.has_value());
    CHECK_FALSE(absent->has_value());
    CHECK(all.http.asked.size() == 4);
}

TEST_CASE("a user's address is looked up in the direct conversation with them") {
    bench all;
    all.http.script.emplace_back(answer(who));
    all.http.script.emplace_back(answer(R"({"ok":true,"channel":{"id":"D0123ABCD"}})"));
    all.http.script.emplace_back(answer(page(message("B0000BOT1", key, "1.2"))));
    const auto found = look(all, "U0123ABCD");
    REQUIRE(found.has_value());
    CHECK(*found == message_ref("D0123ABCD", "1.2"));
    CHECK(all.http.asked.at(1).url == "https://slack.example/api/conversations.open");
    CHECK(all.body_of(1).at("users") == "U0123ABCD");
}

TEST_CASE("a reply is looked for in its thread") {
    bench all;
    all.http.script.emplace_back(answer(who));
    all.http.script.emplace_back(answer(page(message("B0000BOT1", key, "3.4"))));
    const auto found = look(all, "access-requests", message_ref("C0123ABCD", "1.2"));
    REQUIRE(found.has_value());
    CHECK(*found == message_ref("C0123ABCD", "3.4"));
    CHECK(all.http.asked.at(1).url.find("conversations.replies?channel=C0123ABCD&") != std::string::npos);
    CHECK(all.http.asked.at(1).url.find("&ts=1.2") != std::string::npos);
}

TEST_CASE("a channel's name becomes its id: remembered from a post, or looked for") {
    bench all;
    all.http.script.emplace_back(answer(R"({"ok":true,"channel":"C0123ABCD","ts":"1.2"})"));
    all.http.script.emplace_back(answer(who));
    all.http.script.emplace_back(answer(page("")));
    const auto sent = all.run([&] { return all.slack.post(address("posted"), {}, key); });
    REQUIRE(sent.has_value());
    CHECK(look(all, "posted").has_value());
    CHECK(all.http.asked.at(2).url.find("history?channel=C0123ABCD&") != std::string::npos);

    all.http.script.emplace_back(answer(
        R"({"ok":true,"channels":[{"id":"C9","name":"other"}],"response_metadata":{"next_cursor":"x"}})"
    ));
    all.http.script.emplace_back(answer(R"({"ok":true,"channels":[{"id":"C0456ABCD","name":"listed"}]})"));
    all.http.script.emplace_back(answer(page("")));
    CHECK(look(all, "listed").has_value());
    CHECK(all.http.asked.at(5).url.find("history?channel=C0456ABCD&") != std::string::npos);

    all.http.script.emplace_back(answer(R"({"ok":true,"channels":[]})"));
    const auto unknown = look(all, "unknown");
    REQUIRE(unknown.has_error());
    CHECK(unknown.error().kind() == fault_kind::unsupported);
}

TEST_CASE("where the app may not read, it says that it can't know") {
    for (const auto* code : {"missing_scope", "not_in_channel", "channel_not_found"}) {
        CAPTURE(code);
        bench all;
        all.http.script.emplace_back(answer(who));
        all.http.script.emplace_back(answer(R"({"ok":false,"error":")" + std::string(code) + "\"}"));
        const auto found = look(all, "C0123ABCD");
        REQUIRE(found.has_error());
        CHECK(found.error().kind() == fault_kind::unsupported);
    }
    bench all;
    all.http.script.emplace_back(answer(who));
    all.http.script.emplace_back(answer(R"({"ok":false,"error":"missing_scope","needed":"im:write"})"));
    const auto found = look(all, "U0123ABCD");
    REQUIRE(found.has_error());
    CHECK(found.error().kind() == fault_kind::unsupported);
}

TEST_CASE("not having seen everything is not the same as not there") {
    bench all;
    all.http.script.emplace_back(answer(who));
    for (int i = 0; i < 30; ++i) {
        all.http.script.emplace_back(answer(page("", "more")));
    }
    const auto found = look(all, "C0123ABCD");
    REQUIRE(found.has_error());
    CHECK(found.error().kind() == fault_kind::unsupported);
    CHECK(all.http.asked.size() == 21);
    bench later;
    later.http.script.emplace_back(answer(who));
    later.http.script.emplace_back(answer("", 502));
    const auto failed = look(later, "C0123ABCD");
    REQUIRE(failed.has_error());
    CHECK(failed.error().kind() == fault_kind::transient);
}
