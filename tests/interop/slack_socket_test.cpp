// slack_sdk's Socket Mode client at the simulated Slack's sockets, in hallpass's place.
#include "deciding.hpp"
#include "judges.hpp"
#include "support/eventually.hpp"
#include "support/skip.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <cstddef>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

using namespace hallpass;
using namespace hallpass::interop;
namespace json = boost::json;

namespace {

bool can_judge() {
    if (python_judges().path.empty()) {
        test::skip(python_judges().why);
        return false;
    }
    return true;
}

// hallpass's cards and forms, and a client that takes what people do with them.
struct socket_user {
    explicit socket_user(std::size_t envelopes)
        : client(begin_asking(
              "slack_socket.py",
              {rig.slack.slack_url(), rig.slack.app_token(), rig.slack.ca_file(), std::to_string(envelopes)}
          )) {
        wait_until("the client is greeted", [&] { return told().size() == 1; });
        CHECK(told().front().at("message").at("type") == "hello");
    }

    void wait_until(std::string_view what, const std::function<bool()>& condition) {
        test::eventually(what, [&] {
            const bool is_so = condition();
            const bool is_over = !is_so && client.exit_status().has_value();
            REQUIRE_MESSAGE(!is_over, client.standard_output(), client.standard_error());
            return is_so;
        });
    }

    // What it says of each message that came.
    std::vector<json::value> told() {
        std::vector<json::value> all;
        std::istringstream lines(client.standard_output());
        for (std::string line; std::getline(lines, line) && !lines.eof();) {
            all.push_back(json::parse(line));
        }
        return all;
    }

    std::size_t count_of(std::string_view what) {
        return rig.slack.control().get("/slack/socket").at(what).to_number<std::size_t>();
    }

    // Or to hallpass, over HTTPS.
    void send_to_client(bool wanted) {
        rig.slack.control().post("/slack/socket", json::object{{"prefer", wanted}});
    }

    // Nothing opens for it: the client only acknowledges.
    json::value click(const std::string& id) { return rig.click(id, "approve", {{"wait_ms", 0}}); }

    int end() { return client.wait(); }

    deciding rig;
    test::process client;
};

} // namespace

TEST_CASE("slack_sdk as a client gets a click, and answers a form that was sent") {
    if (!can_judge()) {
        return;
    }
    socket_user user(2);
    const std::string id = user.rig.request("ops");
    const json::value opened = user.rig.click(id, "approve");
    REQUIRE_MESSAGE(opened.at("view").is_object(), json::serialize(opened));

    user.send_to_client(true);
    const json::value clicked = user.click(id);
    CHECK_MESSAGE(clicked.at("status") == 200, json::serialize(clicked), user.client.standard_error());
    const json::value submitted = user.rig.submit(opened, false);
    CHECK_MESSAGE(submitted.at("status") == 200, json::serialize(submitted), user.client.standard_error());
    CHECK(submitted.at("answer") == json::value{{"response_action", "clear"}});
    CHECK(submitted.at("view").is_null());
    CHECK(user.end() == 0);

    const std::vector<json::value> told = user.told();
    REQUIRE_MESSAGE(told.size() == 3, user.client.standard_output());
    const json::value& click = told[1].at("message");
    CHECK(click.at("payload").at("type") == "block_actions");
    CHECK(click.at("accepts_response_payload") == false);
    const json::value& form = told[2].at("message");
    CHECK(form.at("payload").at("type") == "view_submission");
    CHECK(form.at("accepts_response_payload") == true);
    CHECK(user.rig.state_of(id) == "PENDING");
}

TEST_CASE("slack_sdk as a client moves to another connection when it is told to, and when it is cut off") {
    if (!can_judge()) {
        return;
    }
    socket_user user(3);
    user.send_to_client(true);
    const std::string id = user.rig.request("ops");
    std::size_t opened = 1;
    for (const char* reason : {"warning", "refresh_requested"}) {
        CAPTURE(reason);
        CHECK(user.click(id).at("status") == 200);
        user.rig.slack.control().post(
            "/slack/socket/disconnect", json::object{{"reason", reason}, {"closed_after_ms", 500}}
        );
        ++opened;
        user.wait_until("it has moved", [&] {
            return user.count_of("opened") == opened && user.count_of("connections") == 1;
        });
    }
    user.rig.slack.control().post("/slack/socket/cut", json::object());
    user.wait_until("it is back", [&] {
        return user.count_of("opened") == opened + 1 && user.count_of("connections") == 1;
    });
    const json::value clicked = user.click(id);
    CHECK_MESSAGE(clicked.at("status") == 200, json::serialize(clicked), user.client.standard_error());
    CHECK(user.end() == 0);
}

TEST_CASE("slack_sdk as a client ignores a broken text, and its judge refuses what is no envelope") {
    if (!can_judge()) {
        return;
    }
    socket_user user(2);
    user.send_to_client(true);
    const std::string id = user.rig.request("ops");
    const auto say = [&](const char* text) {
        user.rig.slack.control().post("/slack/socket/say", json::object{{"text", text}});
    };
    say("{\"type\": \"interactive\", \"envelope_id\": ");
    const json::value clicked = user.click(id);
    CHECK_MESSAGE(clicked.at("status") == 200, json::serialize(clicked), user.client.standard_error());
    CHECK(user.count_of("opened") == 1);
    say("{\"type\": \"interactive\", \"envelope_id\": \"1-2-3\", \"accepts_response_payload\": false}");
    CHECK_MESSAGE(user.end() == 1, user.client.standard_output());
    CHECK(json::serialize(user.told().back()).find("no envelope") != std::string::npos);
}
