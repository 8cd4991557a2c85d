#include "net/websocket_client.hpp"
#include "raw_http.hpp"
#include "sandbox/simulated_services.hpp"
#include "sandbox/stderr_log.hpp"
#include "support/run_coroutine.hpp"
#include "support/temp_dir.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>

using namespace hallpass;
using namespace hallpass::sandbox;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace json = boost::json;

namespace {

using app_socket = std::unique_ptr<ports::websocket>;

constexpr const char* channel = "1100000000000000001";

json::object identify(const std::string& token = "discord-sandbox-token") {
    return {{"op", 2}, {"d", json::object{{"token", token}, {"intents", 0}, {"properties", json::object()}}}};
}

json::object resume(const std::string& session, int last) {
    return {
        {"op", 6},
        {"d", json::object{{"token", "discord-sandbox-token"}, {"session_id", session}, {"seq", last}}}};
}

// A sandbox, and an app that opens connections to its Discord.
struct fixture {
    fixture() {
        sandbox_options options;
        options.directory = files.path().string();
        world = simulated_services::start(std::move(options), out).value();
        authority = test::read_file(files.file("ca.pem"));
        net::client_options trusting;
        trusting.extra_authorities_pem = {authority};
        client = net::make_websocket_client(context.get_executor(), trusting);
        const std::string url = world->addresses().discord.substr(std::string("https://").size());
        address = url.substr(0, url.find('/'));
    }

    std::pair<int, json::value>
    discord(const std::string& method, const std::string& path, const json::object& body = {}) const {
        test::raw_request request;
        request.address = address;
        request.method = method;
        request.path = "/api/v10/" + path;
        request.authority_pem = authority;
        request.headers["User-Agent"] = "DiscordBot (https://test.invalid, 1)";
        request.headers["Authorization"] = "Bot discord-sandbox-token";
        if (!body.empty()) {
            request.headers["Content-Type"] = "application/json";
            request.body = json::serialize(body);
        }
        const auto answered = test::send_raw(request).value();
        return {answered.status, answered.body.empty() ? json::value() : json::parse(answered.body)};
    }

    json::value control(const std::string& path, const json::object& body = {}) const {
        test::raw_request request;
        const std::string page = world->addresses().page.substr(std::string("http://").size());
        request.address = page.substr(0, page.find('/'));
        request.method = body.empty() ? "GET" : "POST";
        request.path = path;
        request.body = body.empty() ? "" : json::serialize(body);
        return json::parse(test::send_raw(request).value().body);
    }

    // Nothing where it is closed.
    std::optional<json::value> receive(ports::websocket& from) {
        std::optional<json::value> text;
        context.restart();
        test::run_coroutine(context, [&]() -> asio::awaitable<void> {
            const auto next = co_await from.receive(10s);
            if (next && *next) {
                text = json::parse(**next);
            }
        });
        return text;
    }

    app_socket connect() {
        app_socket made;
        context.restart();
        test::run_coroutine(context, [&]() -> asio::awaitable<void> {
            ports::websocket_request wanted("wss://" + address + "/gateway/?v=10&encoding=json");
            auto opened = co_await client->open(std::move(wanted));
            made = std::move(opened).value();
        });
        const auto hello = receive(*made);
        REQUIRE(hello);
        CHECK(hello->at("op") == 10);
        CHECK(hello->at("d").at("heartbeat_interval") == 41250);
        return made;
    }

    // And what comes back.
    std::optional<json::value> say(ports::websocket& to, const json::object& frame) {
        CHECK(to.send(json::serialize(frame)).has_value());
        return receive(to);
    }

    std::string begin_session(ports::websocket& on) {
        const auto ready = say(on, identify());
        REQUIRE(ready);
        REQUIRE(ready->at("t") == "READY");
        CHECK(ready->at("s") == 1);
        CHECK(ready->at("d").at("resume_gateway_url").as_string() == "wss://" + address + "/gateway");
        CHECK(ready->at("d").at("application").at("id") == "1600000000000000001");
        return std::string(ready->at("d").at("session_id").as_string());
    }

    int refusal_of(ports::websocket& on, const json::object& frame) {
        CHECK_FALSE(say(on, frame));
        return on.close_code().value_or(0);
    }

    // A click that waits for its answer.
    std::future<json::value> click() const {
        discord_form form;
        form.content = "a request";
        form.components = json::parse(R"([{"type": 1, "components": [
            {"type": 2, "style": 3, "label": "Approve", "custom_id": "hallpass:approve:7"}]}])")
                              .as_array();
        const std::string message = world->discord().post(channel, std::move(form)).value().id;
        json::object body{
            {"user", "1200000000000000002"},
            {"channel", channel},
            {"message", message},
            {"action", "approve"}};
        return std::async(std::launch::async, [this, body] { return control("/discord/click", body); });
    }

    stderr_log out;
    test::temp_dir files;
    std::unique_ptr<simulated_services> world;
    std::string authority;
    std::string address;
    asio::io_context context;
    std::unique_ptr<ports::websocket_client> client;
};

std::string callback_of(const json::value& event) {
    const json::value& data = event.at("d");
    return "interactions/" + std::string(data.at("id").as_string()) + '/' +
           std::string(data.at("token").as_string()) + "/callback";
}

} // namespace

TEST_CASE("the API names the Gateway, and counts the sessions of a day") {
    fixture all;
    const auto before = all.discord("GET", "gateway/bot").second;
    CHECK(before.at("url").as_string() == "wss://" + all.address + "/gateway");
    CHECK(before.at("session_start_limit").at("remaining") == 1000);
    const app_socket one = all.connect();
    all.begin_session(*one);
    CHECK(all.discord("GET", "gateway/bot").second.at("session_start_limit").at("remaining") == 999);
    CHECK(all.say(*one, {{"op", 1}, {"d", nullptr}})->at("op") == 11);
}

TEST_CASE("the Gateway closes what isn't in order as Discord does") {
    fixture all;
    const app_socket wrong = all.connect();
    CHECK(all.refusal_of(*wrong, identify("another")) == 4004);
    const app_socket twice = all.connect();
    all.begin_session(*twice);
    CHECK(all.refusal_of(*twice, identify()) == 4005);
    CHECK(all.refusal_of(*all.connect(), {{"op", 77}}) == 4001);
    CHECK(all.refusal_of(*all.connect(), {{"no", "op"}, {"long", std::string(5000, 'x')}}) == 4002);
    const auto unknown = all.say(*all.connect(), resume("nobody", 1));
    REQUIRE(unknown);
    CHECK(unknown->at("op") == 9);
    CHECK(unknown->at("d") == false);
}

TEST_CASE("an interaction goes to every session, is answered once, and missed ones come after a resume") {
    fixture all;
    const app_socket first = all.connect();
    all.begin_session(*first);
    app_socket second = all.connect();
    const std::string session = all.begin_session(*second);
    all.control("/discord/gateway", {{"do", "cut"}});
    CHECK_FALSE(all.receive(*first));
    CHECK(all.control("/discord/gateway").at("sessions").as_array().size() == 2);
    auto clicked = all.click();
    second = all.connect();
    // The click may not have been begun when the session is resumed.
    auto event = all.say(*second, resume(session, 1));
    if (event && event->at("t") == "RESUMED") {
        event = all.receive(*second);
    }
    REQUIRE(event);
    REQUIRE(event->at("t") == "INTERACTION_CREATE");
    const json::object answer{{"type", 4}, {"data", json::object{{"content", "done"}, {"flags", 64}}}};
    const std::string path = callback_of(*event);
    CHECK(all.discord("POST", path.substr(0, path.rfind("/callback")) + "x/callback", answer).first == 404);
    CHECK(all.discord("POST", path, answer).first == 204);
    const auto again = all.discord("POST", path, answer);
    CHECK(again.first == 400);
    CHECK(again.second.at("code") == 40060);
    const json::value told = clicked.get();
    CHECK(told.at("status") == 200);
    CHECK(told.at("answer").at("content") == "done");
}

TEST_CASE("a callback that asks for it is answered with the interaction, and a late click says so") {
    fixture all;
    const app_socket one = all.connect();
    all.begin_session(*one);
    auto clicked = all.click();
    const auto event = all.receive(*one);
    REQUIRE(event);
    const json::object waits{{"type", 5}, {"data", json::object{{"flags", 64}}}};
    const auto taken = all.discord("POST", callback_of(*event) + "?with_response=1", waits);
    CHECK(taken.first == 200);
    CHECK(taken.second.at("interaction").at("id") == event->at("d").at("id"));
    const std::string original = "webhooks/1600000000000000001/" +
                                 std::string(event->at("d").at("token").as_string()) + "/messages/@original";
    CHECK(all.discord("GET", original).second.at("flags") == (64 | 128));
    CHECK(all.discord("PATCH", original, {{"content", "done"}}).first == 200);
    CHECK(all.discord("GET", original).second.at("flags") == 64);
    CHECK(clicked.get().at("answer").at("content") == "done");
}

TEST_CASE("who closes with 1000 has no session any more, and what is asked of all reaches all") {
    fixture all;
    const app_socket one = all.connect();
    const std::string session = all.begin_session(*one);
    all.control("/discord/gateway", {{"do", "reconnect"}});
    CHECK(all.receive(*one)->at("op") == 7);
    all.context.restart();
    test::run_coroutine(all.context, [&]() -> asio::awaitable<void> { co_await one->close(1000); });
    const auto unknown = all.say(*all.connect(), resume(session, 1));
    REQUIRE(unknown);
    CHECK(unknown->at("op") == 9);
    const app_socket two = all.connect();
    all.begin_session(*two);
    all.control("/discord/gateway", {{"do", "close"}, {"code", 4014}});
    CHECK_FALSE(all.receive(*two));
    CHECK(two->close_code() == 4014);
    CHECK(all.control("/discord/gateway", {{"do", "dance"}}).as_object().contains("error"));
}
