#include "net/http_server.hpp"
#include "raw_http.hpp"
#include "sandbox/simulated_services.hpp"
#include "sandbox/slack_arguments.hpp"
#include "sandbox/slack_callback.hpp"
#include "sandbox/stderr_log.hpp"
#include "support/temp_dir.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <exception>
#include <thread>

using namespace hallpass;
using namespace hallpass::sandbox;
namespace json = boost::json;

namespace {

json::object reason_form() {
    return json::parse(R"({"type": "modal", "callback_id": "deny", "private_metadata": "m",
        "title": {"type": "plain_text", "text": "Deny"}, "submit": {"type": "plain_text", "text": "Deny"},
        "blocks": [{"type": "input", "block_id": "why", "label": {"type": "plain_text", "text": "Reason"},
           "element": {"type": "plain_text_input", "action_id": "reason"}}]})")
        .as_object();
}

json::array buttons() {
    return json::parse(R"([{"type": "actions", "block_id": "decide", "elements": [
        {"type": "button", "action_id": "hallpass_approve", "value": "7",
         "text": {"type": "plain_text", "text": "Approve"}},
        {"type": "button", "action_id": "hallpass_deny", "value": "7",
         "text": {"type": "plain_text", "text": "Deny"}}]}])")
        .as_array();
}

// A sandbox, and an app that answers its clicks: it checks signatures and opens a form for a denial.
struct fixture {
    stderr_log out;
    test::temp_dir files;
    boost::asio::io_context context;
    std::unique_ptr<net::http_server> app = listen();
    std::thread running;
    std::unique_ptr<simulated_services> world = make();
    json::value last; // payload
    std::string answer_to_submission;

    fixture() {
        boost::asio::co_spawn(context, app->serve(), [](const std::exception_ptr& thrown) {
            if (thrown) {
                std::rethrow_exception(thrown);
            }
        });
        running = std::thread([this] { context.run(); });
    }

    ~fixture() {
        boost::asio::post(context, [this] { app->close(); });
        running.join();
    }

    std::unique_ptr<net::http_server> listen() {
        auto handler = [this](net::server_request request) -> boost::asio::awaitable<net::server_response> {
            co_return take(request);
        };
        return net::listen_http(context.get_executor(), {}, std::move(handler), out).value();
    }

    std::unique_ptr<simulated_services> make() {
        sandbox_options options;
        options.directory = files.path().string();
        options.slack_callback = "http://" + app->address() + "/slack/interactivity";
        return simulated_services::start(std::move(options), out).value();
    }

    // On the app's thread, while the test waits for what comes of it.
    net::server_response take(const net::server_request& request) {
        const std::string timestamp(request.header("x-slack-request-timestamp"));
        const std::string expected = slack_signature("sandbox-signing-secret", timestamp, request.body);
        if (request.path != "/slack/interactivity" || request.header("x-slack-signature") != expected) {
            return net::server_response(401);
        }
        slack_call call;
        call.content_type = request.header("content-type");
        call.body = request.body;
        std::string error;
        last = json::parse(slack_arguments::read(call, error)->text("payload"));
        if (last.at("type").as_string() == "view_submission") {
            return net::server_response(200, answer_to_submission, "application/json");
        }
        if (last.at("actions").at(0).at("action_id").as_string() == "hallpass_deny") {
            const std::string trigger(last.at("trigger_id").as_string());
            if (!world->slack().dialogs().open(trigger, reason_form())) {
                return net::server_response(500);
            }
        }
        return net::server_response(200);
    }

    test::raw_response control(const std::string& path, const json::object& body) {
        test::raw_request request;
        const std::string page = world->addresses().page.substr(std::string("http://").size());
        request.address = page.substr(0, page.find('/'));
        request.method = body.empty() ? "GET" : "POST";
        request.path = path;
        request.body = body.empty() ? "" : json::serialize(body);
        return test::send_raw(request).value();
    }

    json::value run(const std::string& path, const json::object& body) {
        const test::raw_response response = control(path, body);
        REQUIRE_MESSAGE(response.status == 200, response.body);
        return json::parse(response.body);
    }

    json::object click_on(const char* action) {
        slack_post wanted;
        wanted.channel = "C0ACCESS01";
        wanted.text = "a request";
        wanted.blocks = buttons();
        const std::string ts = world->slack().post(std::move(wanted)).value().message.ts;
        return {{"user", "U0BOB00001"}, {"channel", "C0ACCESS01"}, {"ts", ts}, {"action", action}};
    }
};

} // namespace

TEST_CASE("a signature is the one that Slack documents") {
    const std::string signature = slack_signature("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", "a=b");
    CHECK(signature == "v0=4ac7a9660a84a7c0a8e890c919b12194f1f98ba378f6b76cb3be639dfd4ee7b9");
}

TEST_CASE_FIXTURE(fixture, "a click comes signed, with the whole message and who clicked") {
    json::object click = click_on("approve");
    click["wait_ms"] = 0;
    const json::value done = run("/slack/click", click);
    CHECK(done.at("status").as_int64() == 200);
    CHECK(done.at("view").is_null());
    CHECK(last.at("user").at("id").as_string() == "U0BOB00001");
    CHECK(last.at("user").at("team_id").as_string() == "T0SANDBOX");
    CHECK(last.at("container").at("message_ts").as_string() == click.at("ts").as_string());
    CHECK(last.at("message").at("blocks") == json::value(buttons()));
    const json::value& action = last.at("actions").at(0);
    CHECK(action.at("action_id").as_string() == "hallpass_approve");
    CHECK(action.at("block_id").as_string() == "decide");
    CHECK(action.at("value").as_string() == "7");
}

TEST_CASE_FIXTURE(fixture, "a form that a click opened is submitted, and stays or goes as the app says") {
    const json::value clicked = run("/slack/click", click_on("deny"));
    const json::value view = clicked.at("view");
    REQUIRE(view.is_object());
    const json::object submission{
        {"view_id", view.at("id")}, {"user", "U0BOB00001"}, {"values", {{"reason", "not now"}}}};
    answer_to_submission = R"({"response_action": "errors", "errors": {"why": "say more"}})";
    const json::value faulty = run("/slack/submit", submission);
    CHECK(faulty.at("answer").at("errors").at("why").as_string() == "say more");
    CHECK(faulty.at("view").at("id") == view.at("id"));
    const json::value& values = last.at("view").at("state").at("values");
    CHECK(values.at("why").at("reason").at("value").as_string() == "not now");
    CHECK(last.at("view").at("private_metadata").as_string() == "m");

    json::object next = reason_form();
    next["title"] = {{"type", "plain_text"}, {"text", "Working"}};
    answer_to_submission = json::serialize(json::object{{"response_action", "update"}, {"view", next}});
    const json::value updated = run("/slack/submit", submission);
    CHECK(updated.at("view").at("title").at("text").as_string() == "Working");
    const std::string id(view.at("id").as_string());
    CHECK_FALSE(run("/slack/views/" + id, {}).at("closed").as_bool());

    answer_to_submission = "";
    CHECK(run("/slack/submit", submission).at("view").is_null());
    CHECK(run("/slack/views", {}).at(0).at("closed").as_bool());
    CHECK(control("/slack/submit", submission).status == 404);
}

TEST_CASE_FIXTURE(
    fixture, "the page is told of people and of open forms, and a form that is closed is gone"
) {
    const json::value clicked = run("/slack/click", click_on("deny"));
    const json::value& id = clicked.at("view").at("id");
    const json::value slack = run("/state", {}).at("slack");
    CHECK(slack.at("people").at(1).at("what") == "reviewer");
    REQUIRE(slack.at("views").as_array().size() == 1);
    CHECK(slack.at("views").at(0).at("id") == id);
    CHECK(slack.at("views").at(0).at("user") == "U0BOB00001");
    run("/slack/close", {{"view_id", id}});
    CHECK(run("/state", {}).at("slack").at("views").as_array().empty());
    CHECK(control("/slack/submit", {{"view_id", id}}).status == 404);
    CHECK(control("/slack/close", {{"view_id", "V0NONE"}}).status == 404);
}

TEST_CASE_FIXTURE(fixture, "what a person does in Slack can be done from within the program, too") {
    const auto clicked = world->use_slack("click", click_on("deny"));
    REQUIRE(clicked.has_value());
    CHECK(clicked->at("view").is_object());
    CHECK(last.at("user").at("id") == "U0BOB00001");
    const auto refused = world->use_slack("click", click_on("promote"));
    REQUIRE(refused.has_error());
    CHECK(refused.error().text == "the message has no such button");
}

TEST_CASE_FIXTURE(fixture, "a click with another secret, on nothing or to nobody says what became of it") {
    json::object forged = click_on("approve");
    forged["secret"] = "guessed";
    CHECK(run("/slack/click", forged).at("status").as_int64() == 401);
    CHECK(control("/slack/click", click_on("promote")).status == 404);
    run("/slack/callback", {{"url", "http://127.0.0.1:1/slack/interactivity"}});
    const json::value nobody = run("/slack/click", click_on("approve"));
    CHECK(nobody.at("status").as_int64() == 0);
    CHECK(nobody.as_object().contains("problem"));
}
