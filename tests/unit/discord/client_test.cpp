#include "../services/samples.hpp"
#include "bench.hpp"
#include "services/discord/messages.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::test;
using access::address;
using access::delivery_key;
using access::message_ref;

namespace {

const std::string base = "https://discord.example/api/v10/";

std::string posted(const std::string& id, const std::string& embeds = "[{}]") {
    return R"({"id":")" + id + R"(","channel_id":"200000000000000001","embeds":)" + embeds + "}";
}

} // namespace

TEST_CASE("check says who we are and of which application") {
    bench all;
    all.http.script.emplace_back(answer(R"({"id":"100000000000000001","username":"hallpass","bot":true})"));
    all.http.script.emplace_back(answer(R"({"id":"1","name":"Access Requests"})"));
    const auto said = all.run([&] { return all.discord.check(); });
    REQUIRE(said.has_value());
    CHECK(*said == "hallpass (100000000000000001) of the application Access Requests");
    REQUIRE(all.http.asked.size() == 2);
    CHECK(all.http.asked.at(0).url == base + "users/@me");
    CHECK(all.http.asked.at(1).url == base + "applications/@me");
    CHECK(ports::find_header(all.http.asked.at(0).headers, "User-Agent").starts_with("DiscordBot ("));
    all.check_token_is_kept();
}

TEST_CASE("a refused token is one clear line with the mend, and without the token") {
    bench all;
    all.http.script.emplace_back(answer(R"({"message":"401: Unauthorized","code":0})", 401));
    const auto said = all.run([&] { return all.discord.check(); });
    REQUIRE(said.has_error());
    CHECK(said.error().kind() == fault_kind::unauthorised);
    CHECK(
        said.error().text() ==
        "Discord GET users/@me: HTTP 401 401: Unauthorized; put the bot's token into discord.token; it is in "
        "the Developer Portal under \"Bot\", and a reset makes a new one"
    );
}

TEST_CASE("a recipient is a channel by its id, or a person of the table in any case of letters") {
    bench all;
    const auto resolved_to = [&](const std::string& written) {
        const auto found = all.run([&] { return all.discord.resolve(written); });
        REQUIRE(found.has_value());
        return found->id;
    };
    CHECK(resolved_to(" 200000000000000001 ") == channel_id);
    CHECK(resolved_to("Alice@Example.com") == "@300000000000000001");
    CHECK(resolved_to("bob") == "@300000000000000002");
    CHECK(all.http.asked.empty());
}

TEST_CASE("a recipient that Discord can't know is told with the mend") {
    bench all;
    const auto nobody = all.run([&] { return all.discord.resolve("carol@example.com"); });
    REQUIRE(nobody.has_error());
    CHECK(nobody.error().kind() == fault_kind::not_found);
    CHECK(nobody.error().text().find("[discord.users]") != std::string::npos);
    for (const std::string& written :
         {std::string("#access-requests"), std::string(), std::string("12345"), std::string("a\nb"),
          std::string("99999999999999999999999"), std::string("20000000000000000x")}) {
        CAPTURE(written);
        const auto refused = all.run([&] { return all.discord.resolve(written); });
        REQUIRE(refused.has_error());
        CHECK(refused.error().kind() == fault_kind::not_found);
        CHECK(refused.error().text().find("Copy Channel ID") != std::string::npos);
        CHECK(refused.error().text().find('\n') == std::string::npos);
    }
}

TEST_CASE("a requester gets a copy where the table knows them") {
    bench all;
    const auto known = all.run([&] { return all.discord.resolve_requester("alice@example.com"); });
    REQUIRE(known.has_value());
    REQUIRE(known->has_value());
    CHECK((*known)->id == "@300000000000000001");
    const auto unknown = all.run([&] { return all.discord.resolve_requester("carol@example.com"); });
    REQUIRE(unknown.has_value());
    CHECK_FALSE(unknown->has_value());
}

TEST_CASE("a card is posted whole, carries its key and a nonce, pings nobody, and gives back where it is") {
    bench all;
    all.http.script.emplace_back(answer(posted("500000000000000001")));
    const auto card = approver_card(sample_request());
    const delivery_key key(card.request_id, "card");
    const auto sent = all.run([&] { return all.discord.post(address(channel_id), card, key); });
    REQUIRE(sent.has_value());
    CHECK(*sent == message_ref(channel_id, "500000000000000001"));
    const auto& asked = all.http.asked.front();
    CHECK(asked.method == ports::http_method::post);
    CHECK(asked.url == base + "channels/200000000000000001/messages");
    CHECK(asked.repeatable);
    const std::vector<ports::pace_key> counted_under{
        {"discord", std::chrono::milliseconds(20)}, {"discord POST channels/200000000000000001/messages"}};
    CHECK(asked.pace_keys == counted_under);
    const auto body = all.body_of(0);
    CHECK(body.at("enforce_nonce") == true);
    CHECK(body.at("nonce").as_string() == services::discord::nonce_of(key, channel_id));
    CHECK(body.at("allowed_mentions").at("parse").as_array().empty());
    CHECK_FALSE(body.contains("message_reference"));
    CHECK(services::discord::carries(body, key));
    CHECK(all.log.text.empty());
    all.check_token_is_kept();
}

TEST_CASE("the operator's ceiling is slower than Discord's, never faster") {
    for (const auto& [own, counted] :
         {std::pair(std::chrono::milliseconds(500), std::chrono::milliseconds(500)),
          std::pair(std::chrono::milliseconds(1), std::chrono::milliseconds(20))}) {
        bench all(own);
        all.http.script.emplace_back(answer(posted("500000000000000001")));
        const auto sent =
            all.run([&] { return all.discord.post(address(channel_id), {}, delivery_key("id", "card")); });
        REQUIRE(sent.has_value());
        CHECK(all.http.asked.front().pace_keys.front() == ports::pace_key{"discord", counted});
    }
}

TEST_CASE("a nonce is short, and differs by request, part and channel") {
    using services::discord::nonce_of;
    const std::string one = nonce_of({"id-1", "card"}, "1");
    CHECK(one.size() <= 25);
    CHECK(one == nonce_of({"id-1", "card"}, "1"));
    CHECK(one != nonce_of({"id-1", "card"}, "2"));
    CHECK(one != nonce_of({"id-1", "outcome"}, "1"));
    CHECK(one != nonce_of({"id-2", "card"}, "1"));
    CHECK(nonce_of({"a", "bc"}, "1") != nonce_of({"ab", "c"}, "1"));
}

TEST_CASE("a person's messages go to the direct channel with them, which is asked for once") {
    bench all;
    all.http.script.emplace_back(answer(R"({"id":"400000000000000001","type":1})"));
    all.http.script.emplace_back(answer(posted("500000000000000001")));
    all.http.script.emplace_back(answer(posted("500000000000000002")));
    const address alice("@300000000000000001");
    for (const char* id : {"500000000000000001", "500000000000000002"}) {
        const auto sent = all.run([&] { return all.discord.post(alice, {}, delivery_key(id, "card")); });
        REQUIRE(sent.has_value());
        CHECK(*sent == message_ref(direct_id, id));
    }
    REQUIRE(all.http.asked.size() == 3);
    CHECK(all.http.asked.at(0).url == base + "users/@me/channels");
    CHECK(all.body_of(0).at("recipient_id") == alice_id);
    CHECK(all.http.asked.at(1).url == base + "channels/400000000000000001/messages");
}

TEST_CASE("a person who takes no messages is told with the mend") {
    bench all;
    all.http.script.emplace_back(answer(R"({"id":"400000000000000001","type":1})"));
    all.http.script.emplace_back(
        answer(R"({"message":"Cannot send messages to this user","code":50007})", 403)
    );
    const auto sent = all.run([&] {
        return all.discord.post(address("@300000000000000001"), {}, {"id", "card"});
    });
    REQUIRE(sent.has_error());
    CHECK(sent.error().kind() == fault_kind::permanent);
    CHECK_FALSE(sent.error().uncertain());
    CHECK(sent.error().text().find("must share a server with the bot") != std::string::npos);
}

TEST_CASE("embeds that Discord dropped are told of once for a channel") {
    bench all;
    for (int i = 0; i < 2; ++i) {
        all.http.script.emplace_back(answer(posted("500000000000000001", "[]")));
        const auto sent =
            all.run([&] { return all.discord.post(address(channel_id), {}, delivery_key("id", "card")); });
        CHECK(sent.has_value());
    }
    CHECK(
        all.log.text == "discord_embeds_dropped channel=200000000000000001 mend=give the bot's role Embed "
                        "Links in the channel, or reasons and roles are not shown\n"
    );
}

TEST_CASE("a post that Discord confirms without naming the message may be there") {
    bench all;
    for (const auto* body : {R"({"channel_id":"1"})", "[]"}) {
        all.http.script.emplace_back(answer(body));
        const auto sent =
            all.run([&] { return all.discord.post(address(channel_id), {}, delivery_key("id", "card")); });
        REQUIRE(sent.has_error());
        CHECK(sent.error().kind() == fault_kind::transient);
        CHECK(sent.error().uncertain());
    }
}

TEST_CASE("an update replaces the whole card, keeps its key, and pings nobody either") {
    bench all;
    all.http.script.emplace_back(answer(posted("500000000000000001")));
    const auto card = approver_card(resolved(sample_request(), access::request_state::approved, "fine"));
    const auto done =
        all.run([&] { return all.discord.update(message_ref(channel_id, "500000000000000001"), card); });
    CHECK(done.has_value());
    const auto& asked = all.http.asked.front();
    CHECK(asked.method == ports::http_method::patch);
    CHECK(asked.url == base + "channels/200000000000000001/messages/500000000000000001");
    CHECK(asked.pace_keys.back().name == "discord PATCH channels/200000000000000001/messages");
    const auto body = all.body_of(0);
    CHECK(services::discord::carries(body, delivery_key(card.request_id, "card")));
    CHECK(body.at("allowed_mentions").at("parse").as_array().empty());
    CHECK_FALSE(body.contains("nonce"));
}

TEST_CASE("a message that is gone can't be updated, and that is said as such") {
    bench all;
    all.http.script.emplace_back(answer(R"({"message":"Unknown Message","code":10008})", 404));
    const auto done = all.run([&] { return all.discord.update(message_ref(channel_id, "5"), {}); });
    REQUIRE(done.has_error());
    CHECK(done.error().kind() == fault_kind::not_found);
}

TEST_CASE("a review is a reply to the message that pings nobody") {
    bench all;
    all.http.script.emplace_back(answer(posted("500000000000000002", "[]")));
    const auto card = approver_card(reviewed_request());
    const delivery_key key(card.request_id, "review-2");
    const message_ref message(channel_id, "500000000000000001");
    const auto sent = all.run([&] { return all.discord.reply(message, card, 1, key); });
    REQUIRE(sent.has_value());
    CHECK(sent->id == "500000000000000002");
    const auto body = all.body_of(0);
    CHECK(body.at("message_reference").at("message_id") == "500000000000000001");
    CHECK(body.at("allowed_mentions").at("replied_user") == false);
    CHECK(services::discord::carries(body, key));
    CHECK(all.log.text.empty());
    const auto none = all.run([&] { return all.discord.reply(message, card, 2, key); });
    REQUIRE(none.has_error());
    CHECK(none.error().kind() == fault_kind::bug);
}

TEST_CASE("the outcome goes to the channel of the requester's copy, beside it") {
    bench all;
    all.http.script.emplace_back(answer(posted("500000000000000003", "[]")));
    const auto card = requester_card(resolved(sample_request(), access::request_state::denied, "no"));
    const delivery_key key(card.request_id, "outcome");
    const auto sent =
        all.run([&] { return all.discord.tell_outcome(message_ref(direct_id, "5"), card, key); });
    REQUIRE(sent.has_value());
    CHECK(all.http.asked.front().url == base + "channels/400000000000000001/messages");
    CHECK_FALSE(all.body_of(0).contains("message_reference"));
    CHECK(services::discord::carries(all.body_of(0), key));
}

TEST_CASE("faults of the way there keep their kind and are named by the call") {
    bench all;
    fault lost(fault_kind::transient, "discord.example: timed out");
    lost.set_uncertain(true);
    all.http.script.emplace_back(lost);
    all.http.script.emplace_back(fault(fault_kind::malformed, "discord.example: not HTTP"));
    const auto post = [&] {
        return all.run([&] { return all.discord.post(address(channel_id), {}, {"id", "card"}); });
    };
    const auto timed_out = post();
    REQUIRE(timed_out.has_error());
    CHECK(timed_out.error().uncertain());
    CHECK(
        timed_out.error().text() ==
        "Discord POST channels/200000000000000001/messages: discord.example: timed out"
    );
    const auto garbage = post();
    REQUIRE(garbage.has_error());
    CHECK(garbage.error().kind() == fault_kind::transient);
    CHECK(garbage.error().uncertain());
}
