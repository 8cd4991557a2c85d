#include "../services/samples.hpp"
#include "base/text.hpp"
#include "bench.hpp"
#include "services/slack/client.hpp"
#include "services/slack/messages.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::test;
using access::address;
using access::delivery_key;
using access::message_ref;

namespace {

constexpr const char* ok_post = R"({"ok":true,"channel":"C0123ABCD","ts":"1700000000.000100"})";
constexpr const char* no_user = R"({"ok":false,"error":"users_not_found"})";

} // namespace

TEST_CASE("check says who we are and where") {
    bench all;
    all.http.script.emplace_back(answer(
        R"({"ok":true,"user":"hallpass","team":"Example","url":"https://example.slack.com/","user_id":"U1","bot_id":"B1"})"
    ));
    const auto said = all.run([&] { return all.slack.check(); });
    REQUIRE(said.has_value());
    CHECK(*said == "hallpass in Example (https://example.slack.com/)");
    CHECK(all.http.asked.front().url == "https://slack.example/api/auth.test");
    all.check_token_is_kept();
}

TEST_CASE("a refused token is one clear line with the mend, and without the token") {
    bench all;
    all.http.script.emplace_back(answer(R"({"ok":false,"error":"invalid_auth"})"));
    const auto said = all.run([&] { return all.slack.check(); });
    REQUIRE(said.has_error());
    CHECK(said.error().kind() == fault_kind::unauthorised);
    CHECK(
        said.error().text() ==
        "Slack auth.test: invalid_auth; put the app's bot token (xoxb-...) of this workspace "
        "into slack.token; a reinstalled app has a new one"
    );
}

TEST_CASE("a recipient is a person by e-mail, or a channel by name or id") {
    bench all;
    const auto channel = [&](const std::string& written) {
        const auto found = all.run([&] { return all.slack.resolve(written); });
        REQUIRE(found.has_value());
        return found->id;
    };
    CHECK(channel("C0123ABCD") == "C0123ABCD");
    CHECK(channel("#access-requests") == "access-requests");
    CHECK(channel(" Access-Requests ") == "access-requests");
    CHECK(all.http.asked.empty());
    all.http.script.emplace_back(answer(R"({"ok":true,"user":{"id":"U0123ABCD"}})"));
    CHECK(channel("alice@example.com") == "U0123ABCD");
}

TEST_CASE("a recipient that isn't there is named") {
    bench all;
    all.http.script.emplace_back(answer(no_user));
    const auto nobody = all.run([&] { return all.slack.resolve("nobody@example.com"); });
    REQUIRE(nobody.has_error());
    CHECK(nobody.error().kind() == fault_kind::not_found);
    CHECK(
        nobody.error().text() ==
        "recipient nobody@example.com: Slack knows nobody by that e-mail address; check it"
    );
    for (const std::string& written :
         {std::string("two words"), std::string("#"), std::string(), std::string("a\nb"),
          std::string("a@b@c d"), std::string(300, 'x')}) {
        CAPTURE(written);
        const auto refused = all.run([&] { return all.slack.resolve(written); });
        REQUIRE(refused.has_error());
        CHECK(refused.error().kind() == fault_kind::not_found);
        CHECK(one_line(refused.error().text(), 1000) == refused.error().text());
    }
}

TEST_CASE("a requester gets a copy where Slack knows the user's name as an e-mail address") {
    bench all;
    const auto ask = [&](const std::string& user) {
        return all.run([&] { return all.slack.resolve_requester(user); });
    };
    const auto plain = ask("alice");
    REQUIRE(plain.has_value());
    CHECK_FALSE(plain->has_value());
    CHECK(all.http.asked.empty());
    all.http.script.emplace_back(answer(R"({"ok":true,"user":{"id":"U0123ABCD"}})"));
    const auto known = ask("alice@example.com");
    REQUIRE(known.has_value());
    REQUIRE(known->has_value());
    CHECK((*known)->id == "U0123ABCD");
    all.http.script.emplace_back(answer(no_user));
    const auto unknown = ask("bob@example.com");
    REQUIRE(unknown.has_value());
    CHECK_FALSE(unknown->has_value());
    all.http.script.emplace_back(answer("", 503));
    const auto later = ask("carol@example.com");
    REQUIRE(later.has_error());
    CHECK(later.error().kind() == fault_kind::transient);
}

TEST_CASE("a missing scope costs the requester's copy, aloud, and nothing else") {
    bench all;
    all.http.script.emplace_back(answer(R"({"ok":false,"error":"missing_scope","needed":"users:read.email"})")
    );
    const auto found = all.run([&] { return all.slack.resolve_requester("alice@example.com"); });
    REQUIRE(found.has_value());
    CHECK_FALSE(found->has_value());
    CHECK(all.log.text.starts_with("requester_not_looked_up reason=requester alice@example.com: Slack "
                                   "users.lookupByEmail: missing_scope, needed: users:read.email"));
}

TEST_CASE("a card is posted whole, carries its key, and gives back where it is") {
    bench all;
    all.http.script.emplace_back(answer(ok_post));
    const auto card = approver_card(sample_request());
    const delivery_key key(card.request_id, "card");
    const auto sent = all.run([&] { return all.slack.post(address("access-requests"), card, key); });
    REQUIRE(sent.has_value());
    CHECK(*sent == message_ref("C0123ABCD", "1700000000.000100"));
    const auto body = all.body_of(0);
    CHECK(body.at("channel") == "access-requests");
    CHECK(body.at("unfurl_links") == false);
    CHECK(body.at("unfurl_media") == false);
    CHECK(body.at("parse") == "none");
    CHECK(body.at("link_names") == false);
    CHECK_FALSE(body.contains("thread_ts"));
    CHECK(services::slack::carries(body, key));
    CHECK(body.at("metadata").at("event_payload").at("request_id").as_string() == card.request_id);
    all.check_token_is_kept();
}

TEST_CASE("a post that Slack confirms without naming the message may be there") {
    bench all;
    all.http.script.emplace_back(answer(R"({"ok":true,"channel":"C0123ABCD"})"));
    const auto sent = all.run([&] { return all.slack.post(address("C0123ABCD"), {}, {"id", "card"}); });
    REQUIRE(sent.has_error());
    CHECK(sent.error().kind() == fault_kind::transient);
    CHECK(sent.error().uncertain());
}

TEST_CASE("a failed post names the place and the mend") {
    bench all;
    all.http.script.emplace_back(answer(R"({"ok":false,"error":"not_in_channel"})"));
    const auto sent = all.run([&] { return all.slack.post(address("C0123ABCD"), {}, {"id", "card"}); });
    REQUIRE(sent.has_error());
    CHECK(sent.error().kind() == fault_kind::permanent);
    CHECK(
        sent.error().text() ==
        "to C0123ABCD: Slack chat.postMessage: not_in_channel; invite the app to the channel: /invite @APP"
    );
}

TEST_CASE("an update replaces the whole card, keeps its key, and may be repeated") {
    bench all;
    all.http.script.emplace_back(answer(R"({"ok":true,"channel":"C0123ABCD","ts":"1.2"})"));
    const auto card = approver_card(resolved(sample_request(), access::request_state::approved, "fine"));
    const auto done = all.run([&] { return all.slack.update(message_ref("C0123ABCD", "1.2"), card); });
    CHECK(done.has_value());
    const auto& asked = all.http.asked.front();
    CHECK(asked.url == "https://slack.example/api/chat.update");
    CHECK(asked.repeatable);
    const auto body = all.body_of(0);
    CHECK(body.at("channel") == "C0123ABCD");
    CHECK(body.at("ts") == "1.2");
    CHECK(body.contains("text"));
    // The message keeps its metadata by itself, but blocks are replaced with their ids.
    CHECK_FALSE(body.contains("metadata"));
    CHECK(services::slack::carries(body, delivery_key(card.request_id, "card")));
}

TEST_CASE("a message that is gone can't be updated, and that is said as such") {
    bench all;
    all.http.script.emplace_back(answer(R"({"ok":false,"error":"message_not_found"})"));
    const auto done = all.run([&] { return all.slack.update(message_ref("C0123ABCD", "1.2"), {}); });
    REQUIRE(done.has_error());
    CHECK(done.error().kind() == fault_kind::not_found);
}

TEST_CASE("a review is a reply in the message's thread") {
    bench all;
    all.http.script.emplace_back(answer(R"({"ok":true,"channel":"C0123ABCD","ts":"3.4"})"));
    const auto card = approver_card(reviewed_request());
    const delivery_key key(card.request_id, "review-2");
    const auto sent = all.run([&] { return all.slack.reply(message_ref("C0123ABCD", "1.2"), card, 1, key); });
    REQUIRE(sent.has_value());
    CHECK(sent->id == "3.4");
    const auto body = all.body_of(0);
    CHECK(body.at("channel") == "C0123ABCD");
    CHECK(body.at("thread_ts") == "1.2");
    CHECK(services::slack::carries(body, key));
    const auto none = all.run([&] { return all.slack.reply(message_ref("C0123ABCD", "1.2"), card, 2, key); });
    REQUIRE(none.has_error());
    CHECK(none.error().kind() == fault_kind::bug);
}

TEST_CASE("the outcome goes to the conversation of the requester's copy, beside it") {
    bench all;
    all.http.script.emplace_back(answer(R"({"ok":true,"channel":"D0123ABCD","ts":"5.6"})"));
    const auto card = requester_card(resolved(sample_request(), access::request_state::denied, "no"));
    const delivery_key key(card.request_id, "outcome");
    const auto sent =
        all.run([&] { return all.slack.tell_outcome(message_ref("D0123ABCD", "1.2"), card, key); });
    REQUIRE(sent.has_value());
    const auto body = all.body_of(0);
    CHECK(body.at("channel") == "D0123ABCD");
    CHECK_FALSE(body.contains("thread_ts"));
    CHECK(services::slack::carries(body, key));
}
