#include "sandbox/mattermost/page_view.hpp"
#include "sandbox/mattermost/routes.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::sandbox::mattermost;
namespace json = boost::json;

namespace {

const std::string channel_id = id_for("access-requests");

struct server {
    net::server_response call(
        const std::string& method, const std::string& path, const json::value& body = {}, bool as_bot = true
    ) {
        net::server_request request;
        request.method = method;
        const std::size_t query = path.find('?');
        request.path = "/api/v4/" + path.substr(0, query);
        request.query = query == std::string::npos ? "" : path.substr(query + 1);
        request.body = json::serialize(body);
        if (as_bot) {
            request.headers.emplace_back("Authorization", std::string("Bearer ") + bot_token);
        }
        return answer_call(at, request);
    }

    json::object ask(const std::string& method, const std::string& path, const json::value& body = {}) {
        const net::server_response answered = call(method, path, body);
        INFO(answered.body);
        REQUIRE(answered.status < 300);
        return json::parse(answered.body).as_object();
    }

    int status(const std::string& method, const std::string& path, const json::value& body = {}) {
        return call(method, path, body).status;
    }

    std::string post(json::object more = {}) {
        json::object body{{"channel_id", channel_id}, {"message", "hello"}};
        for (const auto& [name, value] : more) {
            body[name] = value;
        }
        return std::string(ask("POST", "posts", body).at("id").as_string());
    }

    state at;
};

json::object with_button() {
    const json::object integration{{"url", "http://127.0.0.1:1/x"}, {"context", {{"secret", "s"}}}};
    const json::object action{{"id", "approve"}, {"name", "Approve"}, {"integration", integration}};
    return {{"attachments", json::array{json::object{{"actions", json::array{action}}}}}};
}

} // namespace

TEST_CASE("without the bot's token nothing is answered but dialogs, whose trigger is the credential") {
    server all;
    CHECK(all.call("GET", "users/me", {}, false).status == 401);
    const json::object opening{
        {"trigger_id", all.at.issued.issue(id_for("bob"))},
        {"url", "http://127.0.0.1:1/x"},
        {"dialog", {{"title", "Approve request"}}}};
    CHECK(all.call("POST", "actions/dialogs/open", opening, false).status == 200);
    REQUIRE(all.at.dialogs().size() == 1);
    CHECK(all.at.dialogs()[0].user == id_for("bob"));
}

TEST_CASE("people and channels are found by what names them, and others are 404") {
    server all;
    CHECK(all.ask("GET", "users/email/bob@example.com").at("username") == "bob");
    CHECK(
        all.ask("GET", "teams/name/example-team/channels/name/access-requests").at("name") ==
        "access-requests"
    );
    CHECK(all.ask("GET", "users/username/bob").at("id").as_string() == id_for("bob"));
    const std::string team(all.ask("GET", "teams/name/example-team").at("id").as_string());
    CHECK(all.ask("GET", "teams/" + team + "/channels/name/access-requests").at("name") == "access-requests");
    CHECK(all.status("GET", "users/username/nobody") == 404);
    CHECK(all.status("GET", "teams/name/no-such-team") == 404);
    CHECK(all.status("GET", "users/email/nobody@example.com") == 404);
    CHECK(all.status("GET", "teams/name/example-team/channels/name/secret-plans") == 404);
    CHECK(all.status("GET", "teams/" + id_for("example-team") + "/members/" + id_for("erin")) == 404);
    CHECK(all.status("GET", "teams/" + id_for("example-team") + "/members/" + id_for("bob")) == 200);
    CHECK(all.ask("GET", "users/" + id_for("gina")).at("roles") == "system_guest");
}

TEST_CASE("a direct channel is one, however often it is opened") {
    server all;
    const json::array pair{all.at.bot(), id_for("bob")};
    CHECK(
        all.ask("POST", "channels/direct", pair).at("id") == all.ask("POST", "channels/direct", pair).at("id")
    );
    CHECK(all.status("POST", "channels/direct", json::array{id_for("alice"), id_for("bob")}) == 403);
}

TEST_CASE("a post with a pending_post_id of just now is the one that is there") {
    server all;
    const std::string first = all.post({{"pending_post_id", "p1"}});
    CHECK(all.post({{"pending_post_id", "p1"}}) == first);
    CHECK(all.post({{"pending_post_id", "p2"}}) != first);
    CHECK(all.at.posts().size() == 2);
}

TEST_CASE("what the real one refuses is refused: foreign channels, length, roots that are gone, bad buttons"
) {
    server all;
    const auto refused = [&](json::object more) {
        json::object body{{"channel_id", channel_id}, {"message", "hello"}};
        for (const auto& [name, value] : more) {
            body[name] = value;
        }
        return all.status("POST", "posts", body);
    };
    CHECK(refused({{"channel_id", id_for("secret-plans")}}) == 403);
    CHECK(refused({{"message", std::string(16384, 'x')}}) == 400);
    CHECK(refused({{"message", ""}}) == 400);
    CHECK(refused({{"root_id", id_for("nowhere")}}) == 400);
    CHECK(refused({{"props", {{"x", std::string(800'001, 'x')}}}}) == 400);
    json::object odd = with_button();
    odd["attachments"].as_array()[0].as_object()["actions"].as_array()[0].as_object()["id"] = "not-letters";
    CHECK(refused({{"props", odd}}) == 400);
    all.at.settings.max_post_size = 4000;
    CHECK(refused({{"message", std::string(4001, 'x')}}) == 400);
    CHECK(all.at.posts().empty());
}

TEST_CASE("blocks and their actions must fit together, and clients never see what an action calls") {
    server all;
    const auto status = [&](const json::value& blocks, const json::value& actions) {
        const json::object props{{"mm_blocks", blocks}, {"mm_blocks_actions", actions}};
        const json::object body{{"channel_id", channel_id}, {"message", "hello"}, {"props", props}};
        return all.status("POST", "posts", body);
    };
    const json::object button{{"type", "button"}, {"text", "Go"}, {"action_id", "go"}};
    const json::object entry{
        {"type", "external"}, {"url", "http://127.0.0.1:1/x"}, {"context", {{"a", "s"}}}};
    CHECK(status(json::array{button}, json::object{{"go", entry}}) == 201);
    CHECK(all.ask("GET", "posts/" + all.at.posts().back().id).at("props").at("mm_blocks_actions").is_string()
    );
    CHECK(status(json::array{button}, json::object()) == 400);
    CHECK(status(json::array{button}, json::object{{"go", entry}, {"more", entry}}) == 400);
    CHECK(status(json::array{}, json::object()) == 400);
    CHECK(status(json::array{json::object{{"type", "hologram"}}}, json::object()) == 400);
    CHECK(status(json::array(101, json::object{{"type", "divider"}}), json::object()) == 400);
    const json::object text{{"type", "text"}, {"text", std::string(16'001, 'x')}};
    CHECK(status(json::array{text}, json::object()) == 400);
}

TEST_CASE("clients never see what a button calls, props are replaced whole, and all versions are kept") {
    server all;
    const std::string id = all.post({{"props", with_button()}});
    const std::string shown = json::serialize(all.ask("GET", "posts/" + id));
    CHECK(shown.find("Approve") != std::string::npos);
    CHECK(shown.find("secret") == std::string::npos);
    all.ask("PUT", "posts/" + id + "/patch", json::object{{"message", "changed"}});
    CHECK(json::serialize(all.ask("GET", "posts/" + id)).find("Approve") != std::string::npos);
    all.ask("PUT", "posts/" + id + "/patch", json::object{{"props", json::object()}});
    CHECK(json::serialize(all.ask("GET", "posts/" + id)).find("Approve") == std::string::npos);
    const json::array kept = posts_of(all.at, "access-requests");
    REQUIRE(kept.size() == 1);
    CHECK(kept[0].at("versions").as_array().size() == 3);
    all.at.remove(id);
    CHECK(all.status("PUT", "posts/" + id + "/patch", json::object{{"message", "x"}}) == 403);
}

TEST_CASE("a channel is read from its newest post back, page by page, and a thread whole") {
    server all;
    const std::string root = all.post();
    const std::string reply = all.post({{"root_id", root}});
    all.post();
    const json::object page = all.ask("GET", "channels/" + channel_id + "/posts?page=1&per_page=1");
    REQUIRE(page.at("order").as_array().size() == 1);
    CHECK(page.at("order").at(0).as_string() == reply);
    for (const std::string& named : {root, reply}) {
        CHECK(all.ask("GET", "posts/" + named + "/thread").at("order").as_array().size() == 2);
    }
    const std::string changed = std::to_string(all.at.find_post(reply)->update_at);
    const json::object since = all.ask("GET", "channels/" + channel_id + "/posts?since=" + changed);
    CHECK(since.at("order").as_array().size() == 1);
}

TEST_CASE("posts for one person's eyes need a permission, and are no part of the channel") {
    server all;
    const json::object body{
        {"user_id", id_for("bob")}, {"post", {{"channel_id", channel_id}, {"message", "psst"}}}};
    CHECK(all.status("POST", "posts/ephemeral", body) == 403);
    all.at.settings.may_post_ephemeral = true;
    CHECK(all.status("POST", "posts/ephemeral", body) == 201);
    CHECK(all.ask("GET", "channels/" + channel_id + "/posts").at("order").as_array().empty());
    CHECK(page_view(all.at).at("notices").as_array().size() == 1);
}

TEST_CASE("a dialog wants a fresh trigger of ours, and what Mattermost can show") {
    server all;
    const auto open = [&](const std::string& trigger, json::object dialog) {
        return all.status(
            "POST", "actions/dialogs/open",
            json::object{
                {"trigger_id", trigger}, {"url", "http://127.0.0.1:1/x"}, {"dialog", std::move(dialog)}}
        );
    };
    const json::object fine{{"title", "Deny request"}};
    CHECK(open("forged", fine) == 400);
    CHECK(open(all.at.issued.issue(id_for("bob"), std::chrono::seconds(31)), fine) == 400);
    const std::string trigger = all.at.issued.issue(id_for("bob"));
    CHECK(open(trigger, {{"title", "A title that is too long to show"}}) == 400);
    const json::object long_label{
        {"display_name", "A label that is too long to show"}, {"name", "x"}, {"type", "text"}};
    CHECK(open(trigger, {{"title", "x"}, {"elements", json::array{long_label}}}) == 400);
    CHECK(open(trigger, fine) == 200);
}

TEST_CASE("the page shows people, posts with buttons, replies below them, and open dialogs") {
    server all;
    const std::string root = all.post({{"props", with_button()}});
    all.post({{"root_id", root}});
    const json::object page = page_view(all.at);
    CHECK(page.at("title") == "Mattermost");
    CHECK(page.at("people").as_array().size() == 6);
    for (const json::value& conversation : page.at("conversations").as_array()) {
        if (conversation.at("name") == "access-requests") {
            const json::value& message = conversation.at("messages").at(0);
            CHECK(message.at("actions").at(0).at("path") == "/mattermost/click");
            CHECK(message.at("actions").at(0).at("body").at("post").as_string() == root);
            CHECK(message.at("replies").as_array().size() == 1);
        }
    }
}

TEST_CASE("faults know a call by its path without ids and names") {
    net::server_request request;
    request.method = "PUT";
    request.path = "/api/v4/posts/" + id_for("x") + "/patch";
    CHECK(name_of_call(request) == "PUT posts/patch");
    request.method = "GET";
    request.path = "/api/v4/teams/name/example-team/channels/name/town";
    CHECK(name_of_call(request) == "GET teams/name/channels/name");
    request.path = "/api/v4/users/email/bob@example.com";
    CHECK(name_of_call(request) == "GET users/email");
}
