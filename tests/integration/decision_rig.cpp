#include "decision_rig.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <stdexcept>

namespace hallpass::test {

namespace json = boost::json;

decision_rig::decision_rig(const std::string& review_lines, const std::string& http_lines) {
    configure(review_lines, http_lines);
    hallpass = rig.start_watching();
    point_slack_at(*hallpass);
}

void decision_rig::configure(const std::string& review_lines, const std::string& http_lines) {
    rig.configure_with(
        "state_dir = \"" + rig.state() + "\"\n[teleport]\naddr = \"" + rig.sandbox.auth_address() +
        "\"\nidentity = \"" + rig.sandbox.identity_file() +
        "\"\n[slack]\ntoken = \"xoxb-sandbox-token\"\nsigning_secret = \"" + rig.sandbox.signing_secret() +
        "\"\napi_url = \"" + rig.sandbox.slack_url() + "\"\n[role_to_recipients]\n\"*\" = [\"" + channel +
        "\"]\n[http]\nlisten_addr = \"127.0.0.1:0\"\n" + http_lines +
        "[review]\nenabled = true\nslack_user_id_trait = \"slack_user_id\"\n" + review_lines +
        "[log]\nseverity = \"debug\"\n"
    );
}

std::string decision_rig::listener_of(running_hallpass& at) {
    at.wait_for_event("listening");
    const std::string key = "listening address=";
    const std::string log = at.log();
    const std::size_t begin = log.rfind(key) + key.size();
    return log.substr(begin, log.find(' ', begin) - begin);
}

void decision_rig::point_slack_at(running_hallpass& at) {
    const std::string address = listener_of(at);
    wait_for_the_next_second();
    rig.sandbox.post_clicks_to("http://" + address + "/slack/interactivity");
}

void decision_rig::wait_for_the_next_second() {
    const auto now = [] {
        return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    };
    const auto begun = now();
    test::eventually("the next second has begun", [&] { return now() > begun; });
}

std::string decision_rig::new_request() {
    const json::object wanted{
        {"user", "alice@example.com"}, {"roles", {"dba"}}, {"reason", "the nightly job fails"}};
    const json::value made = rig.sandbox.control().post("/requests", wanted);
    const std::string id(made.at("ids").at(0).as_string());
    test::eventually("the request is posted", [&] { return rig.sandbox.posts(channel, id).size() == 1; });
    return id;
}

json::value decision_rig::click(
    const std::string& id, const std::string& user, const std::string& action, json::object more
) {
    return rig.sandbox.click(user, channel_id, card(id).ts, action, std::move(more));
}

json::value
decision_rig::submit(const json::value& clicked, const std::string& user, const std::string& reason) {
    const json::string& view = clicked.at("view").at("id").as_string();
    return rig.sandbox.submit(view, user, reason);
}

json::value decision_rig::decide(const std::string& id, const std::string& user, const std::string& action) {
    const json::value clicked = click(id, user, action);
    INFO(json::serialize(clicked));
    REQUIRE(clicked.at("status") == 200);
    REQUIRE(clicked.at("view").is_object());
    return submit(clicked, user, "seen, and fine");
}

std::pair<int, std::string> decision_rig::try_to_approve(const std::string& id, const std::string& user) {
    const json::value clicked = click(id, user, "approve");
    if (!clicked.at("view").is_object()) {
        return {clicked.at("status").to_number<int>(), json::serialize(clicked)};
    }
    const json::value submitted = submit(clicked, user, "let me in");
    return {submitted.at("status").to_number<int>(), json::serialize(submitted)};
}

json::value decision_rig::request(const std::string& id) {
    const json::value listed = rig.sandbox.control().get("/requests");
    for (const json::value& one : listed.as_array()) {
        if (one.at("id").as_string() == id) {
            return one;
        }
    }
    throw std::runtime_error("the cluster has no request " + id);
}

} // namespace hallpass::test
