#include "sandbox/discord_routes.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace hallpass::sandbox;
namespace json = boost::json;

namespace {

const std::string channel = "1100000000000000001";
const std::string alice = "1200000000000000001";

struct fixture {
    change_signal changes;
    discord_state discord{changes};

    discord_call make_call(std::string method, const std::string& path, const std::string& body = "") {
        hallpass::net::server_request request;
        request.method = std::move(method);
        request.path = "/api/v10/" + path.substr(0, path.find('?'));
        request.query = path.find('?') == std::string::npos ? "" : path.substr(path.find('?') + 1);
        request.body = body;
        request.headers = {
            {"Authorization", "Bot " + discord.bot().token},
            {"User-Agent", "DiscordBot (https://example.com, 1)"},
            {"Content-Type", "application/json"}};
        return to_discord_call(std::move(request));
    }

    discord_outcome<json::value>
    send(const std::string& method, const std::string& path, const json::object& body) {
        return answer_discord_call(discord, make_call(method, path, json::serialize(body)));
    }

    discord_outcome<json::value> get(const std::string& path) {
        return answer_discord_call(discord, make_call("GET", path));
    }

    std::string post(json::object body, const std::string& where = channel) {
        const auto sent = send("POST", "channels/" + where + "/messages", body);
        REQUIRE(sent.has_value());
        return std::string(sent->at("id").as_string());
    }

    std::int64_t refusal_of(json::object body, const std::string& where = channel) {
        const auto sent = send("POST", "channels/" + where + "/messages", body);
        REQUIRE(sent.has_error());
        return sent.error().code;
    }

    void permit(bool view, bool send, bool embed, bool history) {
        discord_channel changed;
        changed.id = channel;
        changed.name = "access-requests";
        changed.may_view = view;
        changed.may_send = send;
        changed.may_embed = embed;
        changed.may_read_history = history;
        discord.put_channel(std::move(changed));
    }
};

} // namespace

TEST_CASE("who doesn't say who they are is refused") {
    fixture all;
    auto call = all.make_call("GET", "users/@me");
    CHECK(answer_discord_call(all.discord, call).has_value());
    call.authorization = "Bearer " + all.discord.bot().token;
    CHECK(answer_discord_call(all.discord, call).error().status == 401);
    call.user_agent = "curl/8";
    CHECK(answer_discord_call(all.discord, call).error().code == 40333);
    CHECK(all.get("nothing/here").error().status == 404);
}

TEST_CASE("a nonce that is enforced makes one message of two, wherever the second was sent") {
    fixture all;
    const json::object body{{"content", "x"}, {"nonce", "n"}, {"enforce_nonce", true}};
    const std::string first = all.post(body);
    CHECK(all.post(body) == first);
    CHECK(all.post(body, "1100000000000000002") == first);
    CHECK(all.post({{"content", "x"}, {"nonce", "n"}}) != first);
}

TEST_CASE("messages are listed after an id, the first of them, the newest first") {
    fixture all;
    std::vector<std::string> ids;
    for (const char* text : {"a", "b", "c", "d"}) {
        ids.push_back(all.post({{"content", text}}));
    }
    const auto page = all.get("channels/" + channel + "/messages?after=" + ids[0] + "&limit=2");
    REQUIRE(page.has_value());
    REQUIRE(page->as_array().size() == 2);
    CHECK(page->at(0).at("id").as_string() == ids[2]);
    CHECK(page->at(1).at("id").as_string() == ids[1]);
    const auto shown = all.get("channels/" + channel);
    REQUIRE(shown.has_value());
    CHECK(shown->at("last_message_id").as_string() == ids[3]);
}

TEST_CASE("each permission that is missing shows as it does in Discord") {
    fixture all;
    const std::string first = all.post({{"content", "x"}});
    all.permit(true, true, true, false);
    const auto history = all.get("channels/" + channel + "/messages?after=0");
    REQUIRE(history.has_value());
    CHECK(history->as_array().empty());
    CHECK(
        all.refusal_of({{"content", "x"}, {"message_reference", json::object{{"message_id", first}}}}) ==
        160002
    );
    all.permit(true, true, false, true);
    const json::object with_embed{{"content", "x"}, {"embeds", json::array{json::object{{"title", "t"}}}}};
    const auto bare = all.send("POST", "channels/" + channel + "/messages", with_embed);
    REQUIRE(bare.has_value());
    CHECK(bare->at("embeds").as_array().empty());
    CHECK(all.refusal_of({{"embeds", json::array{json::object{{"title", "t"}}}}}) == 50013);
    all.permit(true, false, true, true);
    CHECK(all.refusal_of({{"content", "x"}}) == 50013);
    all.permit(false, true, true, true);
    CHECK(all.refusal_of({{"content", "x"}}) == 50001);
    CHECK(all.refusal_of({{"content", "x"}}, "42") == 10003);
}

TEST_CASE("people have a direct channel each, if they take messages") {
    fixture all;
    const auto opened = all.send("POST", "users/@me/channels", {{"recipient_id", alice}});
    REQUIRE(opened.has_value());
    const std::string direct(opened->at("id").as_string());
    CHECK(opened->at("type") == 1);
    CHECK(all.post({{"content", "x"}}, direct) != "");
    all.discord.put_user({alice, "alice", false});
    CHECK(all.refusal_of({{"content", "x"}}, direct) == 50007);
    CHECK(all.send("POST", "users/@me/channels", {{"recipient_id", "42"}}).error().code == 50033);
}

TEST_CASE("an edit keeps what was there before, and forgets who may be mentioned") {
    fixture all;
    const std::string id =
        all.post({{"content", "x"}, {"allowed_mentions", json::object{{"parse", json::array()}}}});
    const auto edited = all.send("PATCH", "channels/" + channel + "/messages/" + id, {{"content", "y"}});
    REQUIRE(edited.has_value());
    CHECK(edited->at("content") == "y");
    const auto kept = all.discord.channel(channel);
    REQUIRE(kept.has_value());
    CHECK(kept->messages.at(0).earlier.at(0).content == "x");
    CHECK(kept->messages.at(0).allowed_mentions.empty());
    CHECK(
        all.send("PATCH", "channels/" + channel + "/messages/42", {{"content", "y"}}).error().code == 10008
    );
    CHECK(
        all.refusal_of({{"content", "x"}, {"message_reference", json::object{{"message_id", "42"}}}}) == 50035
    );
}
