#include "../services/samples.hpp"
#include "bench.hpp"
#include "services/mattermost/messages.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::test;
using access::address;
using access::delivery_key;
using access::message_ref;
namespace json = boost::json;

namespace {

const std::string base = "https://mm.example/api/v4/";

std::string with_id(const std::string& id) {
    return R"({"id":")" + id + R"("})";
}

const delivery_key card_key("request-1", "card");

} // namespace

TEST_CASE("check says who we are") {
    bench all;
    all.answer_with(R"({"id":"botbotbotbotbotbotbotbot01","username":"hallpass","is_bot":true})");
    all.answer_with(R"({"MaxPostSize":"16383"})");
    const auto said = all.run([&] { return all.mattermost.check(); });
    REQUIRE(said.has_value());
    CHECK(*said == "hallpass (botbotbotbotbotbotbotbot01)");
    REQUIRE(all.http.asked.size() == 2);
    CHECK(all.http.asked.at(0).url == base + "users/me");
    CHECK(all.http.asked.at(1).url == base + "config/client?format=old");
    all.check_token_is_kept();
}

TEST_CASE("cards have blocks where the server has switched them on") {
    for (const bool on : {true, false}) {
        bench all;
        all.answer_with(R"({"id":"botbotbotbotbotbotbotbot01","username":"hallpass","is_bot":true})");
        all.answer_with(
            std::string(R"({"MaxPostSize":"16383","FeatureFlagMmBlocksEnabled":")") +
            (on ? "true" : "false") + R"("})"
        );
        REQUIRE(all.run([&] { return all.mattermost.check(); }).has_value());
        all.answer_with(with_id(post_id), 201);
        const auto card = approver_card(sample_request());
        REQUIRE(all.run([&] { return all.mattermost.post(address(channel_id), card, card_key); }).has_value()
        );
        CHECK((all.http.asked.back().body.find("mm_blocks") != std::string::npos) == on);
    }
}

TEST_CASE("a refused token is one clear line with the mend, and without the token") {
    bench all;
    all.answer_with(
        R"({"id":"api.context.session_expired.app_error","message":"Invalid or expired session"})", 401
    );
    const auto said = all.run([&] { return all.mattermost.check(); });
    REQUIRE(said.has_error());
    CHECK(said.error().kind() == fault_kind::unauthorised);
    CHECK(
        said.error().text().find("put the bot account's access token into mattermost.token") !=
        std::string::npos
    );
    CHECK(said.error().text().find(bench::token) == std::string::npos);
}

TEST_CASE("a channel is asked for by its team and name, once") {
    bench all;
    all.answer_with(with_id(channel_id));
    for (const char* written : {"Team/Town-Square", " team/town-square "}) {
        const auto found = all.run([&] { return all.mattermost.resolve(written); });
        REQUIRE(found.has_value());
        CHECK(found->id == channel_id);
    }
    REQUIRE(all.http.asked.size() == 1);
    CHECK(all.http.asked.at(0).url == base + "teams/name/team/channels/name/town-square");
}

TEST_CASE("a person is asked for by e-mail, and known from the table without asking") {
    bench all;
    all.answer_with(with_id(bob_id));
    const auto bob = all.run([&] { return all.mattermost.resolve("Bob@example.com"); });
    REQUIRE(bob.has_value());
    CHECK(bob->id == "@" + std::string(bob_id));
    CHECK(all.http.asked.at(0).url == base + "users/email/bob%40example.com");
    const auto alice = all.run([&] { return all.mattermost.resolve("Alice@Example.com"); });
    REQUIRE(alice.has_value());
    CHECK(alice->id == "@" + std::string(alice_id));
    CHECK(all.http.asked.size() == 1);
}

TEST_CASE("a recipient that can't be found is told with the mend, and never posted to") {
    bench all;
    for (const std::string& written :
         {std::string("#town"), std::string(), std::string("a/b/c"), std::string("a/"), std::string("a/b?c"),
          std::string("../x")}) {
        CAPTURE(written);
        const auto refused = all.run([&] { return all.mattermost.resolve(written); });
        REQUIRE(refused.has_error());
        CHECK(refused.error().kind() == fault_kind::not_found);
        CHECK(refused.error().text().find("\"team/channel\"") != std::string::npos);
    }
    CHECK(all.http.asked.empty());
    all.answer_with(R"({"id":"store.x","message":"none"})", 404);
    const auto channel = all.run([&] { return all.mattermost.resolve("team/none"); });
    CHECK(channel.error().text().find("no such channel") != std::string::npos);
    all.answer_with(R"({"id":"store.x","message":"none"})", 404);
    const auto person = all.run([&] { return all.mattermost.resolve("no@example.com"); });
    CHECK(person.error().text().find("[mattermost.users]") != std::string::npos);
    all.answer_with(R"({"id":""})");
    const auto empty = all.run([&] { return all.mattermost.resolve("team/odd"); });
    CHECK(empty.error().kind() == fault_kind::transient);
}

TEST_CASE("a requester gets a copy where Mattermost knows their e-mail, and no failure where it may not tell"
) {
    bench all;
    CHECK(all.run([&] { return all.mattermost.resolve_requester("dan"); }).value() == std::nullopt);
    all.answer_with(with_id(bob_id));
    CHECK(
        all.run([&] { return all.mattermost.resolve_requester("bob@example.com"); }).value() ==
        address("@" + std::string(bob_id))
    );
    all.answer_with(R"({"id":"api.context.permissions.app_error","message":"no"})", 403);
    CHECK(all.run([&] { return all.mattermost.resolve_requester("x@example.com"); }).value() == std::nullopt);
    CHECK(all.log.text.find("requester_not_looked_up") != std::string::npos);
}

TEST_CASE("the section's own recipients are told whatever the roles, and suggested reviewers too") {
    const bench without;
    CHECK_FALSE(without.mattermost.recipients(sample_request()).has_value());
    const bench all(std::vector<std::string>{"team/ops"});
    auto request = sample_request();
    request.suggested_reviewers = {"carol@example.com", "nobody"};
    CHECK(
        all.mattermost.recipients(request) ==
        std::optional<std::vector<std::string>>({"team/ops", "carol@example.com"})
    );
}

TEST_CASE("a post carries its key, and an id by which the server knows it again") {
    bench all;
    for (int i = 0; i < 2; ++i) {
        all.answer_with(with_id(post_id), 201);
        const auto sent = all.run([&] {
            return all.mattermost.post(address(channel_id), approver_card(sample_request()), card_key);
        });
        REQUIRE(sent.has_value());
        CHECK(*sent == message_ref(channel_id, post_id));
    }
    const json::object first = all.body_of(0);
    CHECK(all.http.asked.at(0).url == base + "posts");
    CHECK(all.http.asked.at(0).repeatable);
    CHECK(first.at("channel_id") == channel_id);
    CHECK(services::mattermost::carries(first, card_key));
    CHECK_FALSE(first.contains("root_id"));
    CHECK(first.at("pending_post_id").as_string().size() == 43);
    CHECK(first == all.body_of(1));
    CHECK(json::serialize(first).find("actions") == std::string::npos);
    all.check_token_is_kept();
}

TEST_CASE("a person's post goes into the direct channel, which is opened once") {
    bench all;
    all.answer_with(with_id(bot_id));
    all.answer_with(with_id(direct_id), 201);
    all.answer_with(with_id(post_id), 201);
    all.answer_with(with_id(post_id), 201);
    const address bob("@" + std::string(bob_id));
    for (int i = 0; i < 2; ++i) {
        const auto sent = all.run([&] { return all.mattermost.post(bob, {}, card_key); });
        REQUIRE(sent.has_value());
        CHECK(sent->conversation == direct_id);
    }
    REQUIRE(all.http.asked.size() == 4);
    CHECK(all.http.asked.at(1).url == base + "channels/direct");
    CHECK(json::parse(all.http.asked.at(1).body) == json::array{bot_id, bob_id});
}

TEST_CASE("an edit sends message and props whole, so that what is left out goes") {
    bench all;
    all.answer_with(with_id(post_id));
    const auto done = all.run([&] {
        return all.mattermost.update(message_ref(channel_id, post_id), approver_card(sample_request()));
    });
    CHECK(done.has_value());
    CHECK(all.http.asked.at(0).method == ports::http_method::put);
    CHECK(all.http.asked.at(0).url == base + "posts/" + post_id + "/patch");
    CHECK(services::mattermost::carries(all.body_of(0), delivery_key(sample_request().id, "card")));
}

TEST_CASE("a review is a reply in the thread, and the outcome a post of its own") {
    bench all;
    const auto card = approver_card(reviewed_request());
    const message_ref posted(channel_id, post_id);
    all.answer_with(with_id("replyreplyreplyreplyreply1"), 201);
    const auto replied =
        all.run([&] { return all.mattermost.reply(posted, card, 1, delivery_key("r", "review-2")); });
    REQUIRE(replied.has_value());
    CHECK(all.body_of(0).at("root_id") == post_id);
    all.answer_with(with_id("replyreplyreplyreplyreply2"), 201);
    const auto told =
        all.run([&] { return all.mattermost.tell_outcome(posted, card, delivery_key("r", "outcome")); });
    REQUIRE(told.has_value());
    CHECK_FALSE(all.body_of(1).contains("root_id"));
    CHECK(all.body_of(0).at("pending_post_id") != all.body_of(1).at("pending_post_id"));
    const auto odd =
        all.run([&] { return all.mattermost.reply(posted, card, 7, delivery_key("r", "review-8")); });
    CHECK(odd.error().kind() == fault_kind::bug);
}

TEST_CASE("a post whose answer was lost or meant nothing may be there") {
    bench all;
    fault lost(fault_kind::transient, "mm.example: timed out");
    lost.set_uncertain(true);
    all.http.script.emplace_back(lost);
    all.http.script.emplace_back(fault(fault_kind::malformed, "mm.example: not HTTP"));
    all.answer_with(R"({"id":"short"})", 201);
    for (int i = 0; i < 3; ++i) {
        const auto sent = all.run([&] { return all.mattermost.post(address(channel_id), {}, card_key); });
        REQUIRE(sent.has_error());
        CAPTURE(sent.error().text());
        CHECK(sent.error().kind() == fault_kind::transient);
        CHECK(sent.error().uncertain());
    }
}

TEST_CASE("replies are as long as the server says that it takes, and short where it doesn't say") {
    struct expected {
        std::string told;
        bool whole;
    };

    for (const expected& one :
         {expected{R"({"MaxPostSize":"16383"})", true}, expected{R"({"MaxPostSize":"99999999"})", true},
          expected{R"({"MaxPostSize":"4000"})", false}, expected{R"({"MaxPostSize":"-1"})", false},
          expected{"{}", false}, expected{"<html>", false}}) {
        CAPTURE(one.told);
        bench all;
        all.answer_with(R"({"id":"botbotbotbotbotbotbotbot01","username":"hallpass"})");
        all.answer_with(one.told);
        REQUIRE(all.run([&] { return all.mattermost.check(); }).has_value());
        all.answer_with(with_id("replyreplyreplyreplyreply1"), 201);
        auto request = reviewed_request();
        request.reviews[0].reason = std::string(5000, 'x');
        const auto replied = all.run([&] {
            return all.mattermost.reply(
                message_ref(channel_id, post_id), approver_card(request), 0, delivery_key("r", "review-1")
            );
        });
        REQUIRE(replied.has_value());
        CHECK(
            (all.body_of(2).at("message").as_string().find("(truncated)") == std::string::npos) == one.whole
        );
    }
}
