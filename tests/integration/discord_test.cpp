#include "rig.hpp"
#include "support/eventually.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <doctest/doctest.h>

#include <functional>
#include <vector>

using namespace hallpass;
using test::discord_post;
using test::has;
namespace json = boost::json;

namespace {

constexpr const char* channel = "access-requests";
constexpr const char* channel_id = "1100000000000000001";
constexpr const char* alice_id = "1200000000000000001";

using posts = std::vector<discord_post>;

// What upstream's teleport-discord.toml holds, with the sandbox's addresses in it.
std::string upstreams_file(const test::rig& rig) {
    return "[teleport]\naddr = \"" + rig.sandbox.auth_address() + "\"\nidentity = \"" +
           rig.sandbox.identity_file() +
           "\"\nrefresh_identity = true\n\n[discord]\ntoken = \"discord-sandbox-token\"\napiurl = \"" +
           rig.sandbox.discord_url() + "\"\n\n[role_to_recipients]\n\"*\" = [\"" + channel_id +
           "\"]\n\n[log]\noutput = \"stderr\"\nseverity = \"INFO\"\n";
}

std::string new_request(test::rig& rig, std::string_view user) {
    const json::object wanted{
        {"user", user}, {"roles", {"some-role"}}, {"reason", "the database <@1> @everyone"}};
    const json::value made = rig.sandbox.control().post("/requests", wanted);
    return std::string(made.at("ids").at(0).as_string());
}

void review(test::rig& rig, const std::string& id, std::string_view author, std::string_view state) {
    const json::object given{{"author", author}, {"state", state}, {"reason", "seen and judged"}};
    rig.sandbox.control().post("/requests/" + id + "/review", given);
}

posts posts_that(
    const test::rig& rig,
    std::string_view where,
    std::string_view what,
    const std::function<bool(const posts&)>& condition
) {
    posts there;
    test::eventually(what, [&] {
        there = rig.sandbox.discord_posts(where);
        return condition(there);
    });
    return there;
}

json::value calls_of(const test::rig& rig) {
    return rig.sandbox.control().get("/calls");
}

} // namespace

TEST_CASE("upstream's teleport-discord.toml works unchanged, from the request to its end") {
    test::rig rig;
    rig.configure_with(upstreams_file(rig));
    const auto hallpass = rig.start_watching();
    const std::string id = new_request(rig, "alice@example.com");
    const posts pending =
        posts_that(rig, channel, "the request's message", [](const posts& there) { return !there.empty(); });
    REQUIRE(pending.size() == 1);
    CHECK(has(pending[0].content, "PENDING"));
    CHECK(has(pending[0].content, "alice@example.com"));
    CHECK(has(pending[0].content, id));
    CHECK(pending[0].embeds.size() == 1);

    review(rig, id, "bob@example.com", "DENIED");
    const posts ended = posts_that(rig, channel, "a reply and the outcome", [](const posts& there) {
        return there.size() == 2 && has(there[0].content, "DENIED");
    });
    CHECK(ended[0].edited);
    CHECK(ended[0].id == pending[0].id);
    CHECK(ended[0].embeds.size() == 2);
    CHECK(ended[1].reply_to == pending[0].id);
    CHECK(has(ended[1].content, "bob@example.com"));
    CHECK(has(ended[1].content, "seen and judged"));
    for (const discord_post& post : ended) {
        CHECK(post.allowed_mentions.at("parse").as_array().empty());
    }
}

TEST_CASE("Slack and Discord carry one request side by side, and the requester has a copy") {
    test::rig rig;
    rig.configure_with(
        "state_dir = \"" + rig.state() + "\"\n[teleport]\naddr = \"" + rig.sandbox.auth_address() +
        "\"\nidentity = \"" + rig.sandbox.identity_file() +
        "\"\n[slack]\ntoken = \"xoxb-sandbox-token\"\napi_url = \"" + rig.sandbox.slack_url() +
        "\"\n[slack.role_to_recipients]\n\"*\" = \"access-requests\"\n[discord]\ntoken = \""
        "discord-sandbox-token\"\napi_url = \"" +
        rig.sandbox.discord_url() + "\"\n[discord.users]\n\"" + std::string(alice_id) +
        "\" = \"alice@example.com" + "\"\n[discord.role_to_recipients]\n\"*\" = \"" + channel_id + "\"\n"
    );
    const auto hallpass = rig.start_watching();
    const std::string id = new_request(rig, "alice@example.com");
    posts_that(rig, channel, "the message on Discord", [](const posts& there) { return there.size() == 1; });
    posts_that(rig, alice_id, "the requester's copy", [](const posts& there) { return there.size() == 1; });
    test::eventually("the message on Slack", [&] { return rig.sandbox.posts(channel, id).size() == 1; });

    review(rig, id, "bob@example.com", "APPROVED");
    const posts copy =
        posts_that(rig, alice_id, "review and outcome beside the copy", [](const posts& there) {
            return there.size() == 3 && has(there[0].content, "APPROVED");
        });
    CHECK(copy[1].reply_to == copy[0].id);
    CHECK(copy[2].reply_to.empty());
    CHECK(has(copy[2].content, "Your request is **✅ APPROVED**"));
    posts_that(rig, channel, "the outcome on Discord", [](const posts& there) {
        return there.size() == 2 && has(there[0].content, "APPROVED");
    });
    test::eventually("the outcome on Slack", [&] {
        const auto there = rig.sandbox.posts(channel, id);
        return there.size() == 1 && has(there[0].text, "APPROVED") && there[0].replies.size() == 1;
    });
}

TEST_CASE("a message whose answer was lost is sent again with its nonce, and is there once") {
    test::rig rig;
    rig.configure_with(upstreams_file(rig));
    const auto hallpass = rig.start_watching();
    rig.command("/lose", {{"side", "discord"}, {"method", "POST messages"}, {"n", 1}});
    const std::string id = new_request(rig, "alice@example.com");
    test::eventually("the call is made again", [&] {
        const json::value calls = calls_of(rig);
        const json::value* posted = calls.as_object().if_contains("POST messages");
        return posted && posted->to_number<int>() == 2;
    });
    review(rig, id, "bob@example.com", "DENIED");
    const posts ended = posts_that(rig, channel, "the end", [](const posts& there) {
        return !there.empty() && has(there[0].content, "DENIED");
    });
    std::size_t cards = 0;
    for (const discord_post& post : ended) {
        cards += post.reply_to.empty() ? 1U : 0U;
    }
    CHECK(cards == 1);
}

TEST_CASE("a message whose answer meant nothing is looked up, and is there once") {
    test::rig rig;
    rig.configure_with(upstreams_file(rig));
    const auto hallpass = rig.start_watching();
    rig.command("/garbage", {{"side", "discord"}, {"method", "POST messages"}, {"n", 1}});
    const std::string id = new_request(rig, "alice@example.com");
    test::eventually("the message is looked up", [&] {
        return calls_of(rig).as_object().contains("GET messages");
    });
    review(rig, id, "bob@example.com", "DENIED");
    posts_that(rig, channel, "the one message and its reply", [](const posts& there) {
        return there.size() == 2 && has(there[0].content, "DENIED") && there[1].reply_to == there[0].id;
    });
    CHECK(calls_of(rig).at("POST messages").to_number<int>() == 2);
}

TEST_CASE("many requests at once arrive each once, at the pace that Discord tells") {
    test::rig rig;
    rig.configure_with(upstreams_file(rig));
    const auto hallpass = rig.start_watching();
    constexpr std::size_t many = 12;
    rig.command("/requests", {{"user", "alice@example.com"}, {"roles", {"some-role"}}, {"n", many}});
    posts_that(rig, channel, "all messages", [](const posts& there) { return there.size() >= many; });
    const posts all = rig.sandbox.discord_posts(channel);
    CHECK(all.size() == many);
}

TEST_CASE("`hallpass check` says as whom, and a channel without the bot is told of with the mend") {
    test::rig rig;
    rig.configure_with(upstreams_file(rig));
    rig.command("/discord/channels", {{"id", channel_id}, {"name", channel}, {"may_view", false}});
    const auto hallpass = rig.start_watching();
    new_request(rig, "alice@example.com");
    hallpass->wait_for_text("50001 Missing Access; give the bot's role View Channel");
    CHECK(has(hallpass->log(), "hallpass (1000000000000000001) of the application Access Requests"));
    CHECK_FALSE(has(hallpass->log(), "discord-sandbox-token"));
}
