#include "sandbox/slack_methods.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace hallpass::sandbox;
namespace json = boost::json;

namespace {

struct fixture {
    change_signal changes;
    slack_state slack{changes};

    slack_call make_call(std::string method, std::string type, std::string body, std::string query = "") {
        slack_call call;
        call.method = std::move(method);
        call.content_type = std::move(type);
        call.body = std::move(body);
        call.query = std::move(query);
        call.authorization = "Bearer " + slack.bot().token;
        return call;
    }

    json::object send(std::string method, const json::object& arguments) {
        return answer_slack_call(
            slack, make_call(std::move(method), "application/json; charset=utf-8", json::serialize(arguments))
        );
    }

    json::object send_form(std::string method, std::string form) {
        return answer_slack_call(
            slack, make_call(std::move(method), "application/x-www-form-urlencoded", std::move(form))
        );
    }

    json::object get(std::string method, std::string query) {
        return answer_slack_call(slack, make_call(std::move(method), "", "", std::move(query)));
    }

    std::string post(std::string text, std::string thread = "") {
        json::object wanted{{"channel", "access-requests"}, {"text", std::move(text)}};
        if (!thread.empty()) {
            wanted["thread_ts"] = thread;
        }
        return std::string(send("chat.postMessage", wanted).at("ts").as_string());
    }
};

std::string error_of(const json::object& body) {
    const bool fine = body.at("ok").as_bool();
    return fine ? std::string() : std::string(body.at("error").as_string());
}

} // namespace

TEST_CASE_FIXTURE(fixture, "a call without a token or with another one is refused") {
    slack_call call = make_call("auth.test", "", "");
    call.authorization = "";
    CHECK(error_of(answer_slack_call(slack, call)) == "not_authed");
    call.authorization = "Bearer xoxb-other";
    CHECK(error_of(answer_slack_call(slack, call)) == "invalid_auth");
    CHECK(error_of(send_form("auth.test", "")) == "");
    CHECK(error_of(send("rtm.start", {})) == "unknown_method");
}

TEST_CASE_FIXTURE(fixture, "JSON and form posts say the same") {
    const json::array blocks{{{"type", "header"}, {"text", {{"type", "plain_text"}, {"text", "a+b & c"}}}}};
    const auto by_json =
        send("chat.postMessage", {{"channel", "C0ACCESS01"}, {"text", "hé"}, {"blocks", blocks}});
    const auto by_form = send_form(
        "chat.postMessage",
        "channel=C0ACCESS01&text=h%C3%A9&blocks=%5B%7B%22type%22%3A%22header%22%2C%22text%"
        "22%3A%7B%22type%22%3A%22plain_"
        "text%22%2C%22text%22%3A%22a%2Bb+%26+c%22%7D%7D%5D"
    );
    CHECK(error_of(by_json) == "");
    CHECK(error_of(by_form) == "");
    CHECK(by_json.at("message").at("text") == by_form.at("message").at("text"));
    CHECK(by_json.at("message").at("blocks") == by_form.at("message").at("blocks"));
    CHECK(by_json.at("ts") != by_form.at("ts"));
}

TEST_CASE_FIXTURE(fixture, "bodies that are not what they say are refused") {
    CHECK(
        error_of(answer_slack_call(slack, make_call("chat.postMessage", "application/json", "{"))) ==
        "invalid_json"
    );
    CHECK(
        error_of(answer_slack_call(slack, make_call("chat.postMessage", "text/plain", "x"))) ==
        "invalid_post_type"
    );
    CHECK(
        error_of(send_form("chat.postMessage", "channel=C0ACCESS01&blocks=%5B")) == "invalid_blocks_format"
    );
}

TEST_CASE_FIXTURE(fixture, "a method that takes no JSON does not see its arguments there") {
    CHECK(error_of(send("users.lookupByEmail", {{"email", "bob@example.com"}})) == "users_not_found");
    const auto found = get("users.lookupByEmail", "email=Bob%40example.com");
    CHECK(found.at("user").at("id") == "U0BOB00001");
    CHECK(error_of(get("users.lookupByEmail", "email=nobody%40example.com")) == "users_not_found");
    CHECK(error_of(get("users.info", "user=U0NOBODY")) == "user_not_found");
}

TEST_CASE_FIXTURE(
    fixture, "a post answers with the resolved channel, and a person's id opens the direct message"
) {
    CHECK(
        send("chat.postMessage", {{"channel", "#dba-requests"}, {"text", "x"}}).at("channel") == "C0DBA00001"
    );
    CHECK(send("chat.postMessage", {{"channel", "U0BOB00001"}, {"text", "x"}}).at("channel") == "D0BOB00001");
    CHECK(send("conversations.open", {{"users", "U0CAROL001"}}).at("channel").at("id") == "D0CAROL001");
    CHECK(error_of(send("chat.postMessage", {{"channel", "nowhere"}, {"text", "x"}})) == "channel_not_found");
    CHECK(error_of(send("chat.postMessage", {{"channel", "C0DBA00001"}})) == "no_text");
    CHECK(error_of(send("conversations.open", {{"users", "U0NOBODY"}})) == "user_not_found");
}

TEST_CASE_FIXTURE(fixture, "an update needs the channel's id and a message that is there") {
    const std::string ts = post("first");
    CHECK(
        error_of(send("chat.update", {{"channel", "access-requests"}, {"ts", ts}, {"text", "x"}})) ==
        "channel_not_found"
    );
    CHECK(
        error_of(send("chat.update", {{"channel", "C0ACCESS01"}, {"ts", "1.0"}, {"text", "x"}})) ==
        "message_not_found"
    );
    CHECK(error_of(send("chat.update", {{"channel", "C0ACCESS01"}, {"ts", ts}, {"text", "second"}})) == "");
    const auto channel = slack.channel("C0ACCESS01");
    REQUIRE(channel);
    REQUIRE(channel->messages.size() == 1);
    CHECK(channel->messages[0].text == "second");
    CHECK_FALSE(channel->messages[0].edited_ts.empty());
    REQUIRE(channel->messages[0].earlier.size() == 1);
    CHECK(channel->messages[0].earlier[0].text == "first");
}

TEST_CASE_FIXTURE(fixture, "metadata stays unless an update names it") {
    const json::object metadata{{"event_type", "access"}, {"event_payload", {{"id", "7"}}}};
    const auto posted =
        send("chat.postMessage", {{"channel", "C0ACCESS01"}, {"text", "x"}, {"metadata", metadata}});
    const json::value ts = posted.at("ts");
    send("chat.update", {{"channel", "C0ACCESS01"}, {"ts", ts}, {"text", "y"}});
    const auto kept = get("conversations.history", "channel=C0ACCESS01&include_all_metadata=true");
    CHECK(kept.at("messages").at(0).at("metadata") == metadata);
    const auto hidden = get("conversations.history", "channel=C0ACCESS01");
    CHECK_FALSE(hidden.at("messages").at(0).as_object().contains("metadata"));
    send("chat.update", {{"channel", "C0ACCESS01"}, {"ts", ts}, {"text", "y"}, {"metadata", json::object{}}});
    CHECK(slack.channel("C0ACCESS01")->messages[0].metadata.empty());
}

TEST_CASE_FIXTURE(fixture, "history is newest first, in pages, without the replies of threads") {
    const std::string first = post("first");
    const std::string second = post("second");
    post("reply", first);
    const auto all = get("conversations.history", "channel=C0ACCESS01");
    REQUIRE(all.at("messages").as_array().size() == 2);
    CHECK(all.at("messages").at(0).at("ts").as_string() == second);
    const auto page = get("conversations.history", "channel=C0ACCESS01&limit=1");
    CHECK(page.at("has_more") == true);
    const auto later = get("conversations.history", "channel=C0ACCESS01&oldest=" + first);
    CHECK(later.at("messages").as_array().size() == 1);
    const auto both = get("conversations.history", "channel=C0ACCESS01&inclusive=true&oldest=" + first);
    CHECK(both.at("messages").as_array().size() == 2);
    const auto thread = get("conversations.replies", "channel=C0ACCESS01&ts=" + first);
    REQUIRE(thread.at("messages").as_array().size() == 2);
    CHECK(thread.at("messages").at(1).at("text") == "reply");
}

TEST_CASE_FIXTURE(fixture, "channels are listed by kind, in pages") {
    const auto first = get("conversations.list", "limit=2");
    CHECK(first.at("channels").as_array().size() == 2);
    const auto cursor = first.at("response_metadata").at("next_cursor").as_string();
    const auto second = get("conversations.list", "limit=2&cursor=" + std::string(cursor));
    CHECK(second.at("channels").as_array().size() == 1);
    CHECK(second.at("response_metadata").at("next_cursor") == "");
    send("conversations.open", {{"users", "U0BOB00001"}});
    CHECK(get("conversations.list", "types=im").at("channels").as_array().size() == 1);
}

TEST_CASE_FIXTURE(fixture, "an ephemeral message can't be found or changed later") {
    const auto posted =
        send("chat.postEphemeral", {{"channel", "C0ACCESS01"}, {"user", "U0BOB00001"}, {"text", "x"}});
    const json::value ts = posted.at("message_ts");
    CHECK(get("conversations.history", "channel=C0ACCESS01").at("messages").as_array().empty());
    CHECK(
        error_of(send("chat.update", {{"channel", "C0ACCESS01"}, {"ts", ts}, {"text", "y"}})) ==
        "message_not_found"
    );
}
