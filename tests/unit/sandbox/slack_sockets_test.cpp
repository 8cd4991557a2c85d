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
#include <string>
#include <utility>

using namespace hallpass;
using namespace hallpass::sandbox;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace json = boost::json;

namespace {

using opened_socket = result<std::unique_ptr<ports::websocket>>;

// A sandbox, and an app that opens connections to its Slack.
struct fixture {
    fixture() {
        sandbox_options options;
        options.directory = files.path().string();
        world = simulated_services::start(std::move(options), out).value();
        authority = test::read_file(files.file("ca.pem"));
        net::client_options trusting;
        trusting.extra_authorities_pem = {authority};
        client = net::make_websocket_client(context.get_executor(), trusting);
    }

    json::value open_with(const std::string& authorization) {
        test::raw_request request;
        const std::string url = world->addresses().slack.substr(std::string("https://").size());
        request.address = url.substr(0, url.find('/'));
        request.method = "POST";
        request.path = "/api/apps.connections.open";
        request.authority_pem = authority;
        if (!authorization.empty()) {
            request.headers["Authorization"] = authorization;
        }
        return json::parse(test::send_raw(request).value().body);
    }

    std::string address() { return std::string(open_with("Bearer xapp-sandbox").at("url").as_string()); }

    opened_socket open(const std::string& url) {
        opened_socket made = fault(fault_kind::bug, "not tried");
        context.restart();
        test::run_coroutine(context, [&]() -> asio::awaitable<void> {
            ports::websocket_request wanted(url);
            made = co_await client->open(std::move(wanted));
        });
        return made;
    }

    // The next text, or "" where the other side has closed the connection.
    std::string receive(ports::websocket& socket) {
        std::string text;
        context.restart();
        test::run_coroutine(context, [&]() -> asio::awaitable<void> {
            const auto next = co_await socket.receive(10s);
            text = next && *next ? **next : std::string();
        });
        return text;
    }

    std::unique_ptr<ports::websocket> connect() {
        std::unique_ptr<ports::websocket> made = open(address()).value();
        REQUIRE(json::parse(receive(*made)).at("type") == "hello");
        return made;
    }

    json::value control(const std::string& path, const json::object& body) const {
        test::raw_request request;
        const std::string page = world->addresses().page.substr(std::string("http://").size());
        request.address = page.substr(0, page.find('/'));
        request.method = body.empty() ? "GET" : "POST";
        request.path = path;
        request.body = body.empty() ? "" : json::serialize(body);
        return json::parse(test::send_raw(request).value().body);
    }

    json::object click() const {
        slack_post wanted;
        wanted.channel = "C0ACCESS01";
        wanted.text = "a request";
        wanted.blocks = json::parse(R"([{"type": "actions", "block_id": "decide", "elements": [
            {"type": "button", "action_id": "hallpass_approve", "value": "7",
             "text": {"type": "plain_text", "text": "Approve"}}]}])")
                            .as_array();
        const std::string ts = world->slack().post(std::move(wanted)).value().message.ts;
        return {{"user", "U0BOB00001"}, {"channel", "C0ACCESS01"}, {"ts", ts}, {"action", "approve"},
                {"wait_ms", 0},         {"deadline_ms", 3000}};
    }

    stderr_log out;
    test::temp_dir files;
    std::unique_ptr<simulated_services> world;
    std::string authority;
    asio::io_context context;
    std::unique_ptr<ports::websocket_client> client;
};

} // namespace

TEST_CASE_FIXTURE(fixture, "connections are opened with the app's token alone, each address once") {
    CHECK(open_with("").at("error") == "not_authed");
    CHECK(open_with("Bearer xoxb-sandbox-token").at("error") == "not_allowed_token_type");
    CHECK(open_with("Bearer xapp-guessed").at("error") == "invalid_auth");
    const std::string url = address();
    CHECK(url.starts_with("wss://127.0.0.1:"));
    const opened_socket first = open(url);
    REQUIRE(first.has_value());
    const json::value hello = json::parse(receive(**first));
    CHECK(hello.at("type") == "hello");
    CHECK(hello.at("num_connections") == 1);
    CHECK(hello.at("connection_info").at("app_id") == "A0HALLPASS");
    CHECK(open(url).has_error());
    CHECK(open(url + "x").has_error());
}

TEST_CASE_FIXTURE(fixture, "a click goes to a connection, and its acknowledgement is the answer") {
    const auto socket = connect();
    auto clicked = std::async(std::launch::async, [this] { return control("/slack/click", click()); });
    const json::value envelope = json::parse(receive(*socket));
    CHECK(envelope.at("type") == "interactive");
    CHECK(envelope.at("accepts_response_payload") == false);
    CHECK(envelope.at("payload").at("type") == "block_actions");
    const json::object acknowledgement{{"envelope_id", envelope.at("envelope_id")}};
    REQUIRE(socket->send(json::serialize(acknowledgement)).has_value());
    context.restart();
    context.run_for(50ms);
    CHECK(clicked.get().at("status") == 200);
    CHECK(control("/slack/socket", {}).at("unacknowledged") == 0);
}

TEST_CASE_FIXTURE(fixture, "a click that isn't acknowledged in time is an error to who clicked") {
    const auto socket = connect();
    json::object late = click();
    late["deadline_ms"] = 50;
    const json::value told = control("/slack/click", late);
    CHECK(told.at("status") == 0);
    CHECK(told.at("problem") == "no acknowledgement came in time");
}

TEST_CASE_FIXTURE(fixture, "connections are told to go, and are cut") {
    const auto told = connect();
    control("/slack/socket/disconnect", {{"reason", "warning"}, {"closed_after_ms", 0}});
    const json::value parting = json::parse(receive(*told));
    CHECK(parting.at("type") == "disconnect");
    CHECK(parting.at("reason") == "warning");
    CHECK(receive(*told).empty());
    const auto cut = connect();
    control("/slack/socket/cut", {{"now", true}});
    CHECK(receive(*cut).empty());
    CHECK(control("/slack/socket", {}).at("connections") == 0);
}

TEST_CASE_FIXTURE(fixture, "connections are told anything that a test wants them told") {
    const auto socket = connect();
    control("/slack/socket/say", {{"text", "{\"type\":"}});
    CHECK(receive(*socket) == "{\"type\":");
}
