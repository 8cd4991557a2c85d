#include "slack_scene.hpp"

#include "support/eventually.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <stdexcept>

namespace hallpass::test {

namespace json = boost::json;

void slack_scene::configure_reviews(
    const std::string& slack_lines, const std::string& review_lines, const std::string& sections
) {
    rig.configure_with(
        "state_dir = \"" + rig.state() + "\"\n[teleport]\naddr = \"" + rig.sandbox.auth_address() +
        "\"\nidentity = \"" + rig.sandbox.identity_file() +
        "\"\n[slack]\ntoken = \"xoxb-sandbox-token\"\napi_url = \"" + rig.sandbox.slack_url() + "\"\n" +
        slack_lines + "[role_to_recipients]\n\"*\" = [\"" + channel +
        "\"]\n[review]\nenabled = true\nslack_user_id_trait = \"slack_user_id\"\n" + review_lines + sections +
        "[log]\nseverity = \"debug\"\n"
    );
}

std::string slack_scene::new_request() {
    const json::object wanted{
        {"user", "alice@example.com"}, {"roles", {"dba"}}, {"reason", "the nightly job fails"}};
    const json::value made = rig.sandbox.control().post("/requests", wanted);
    std::string id(made.at("ids").at(0).as_string());
    eventually("the request is posted", [&] { return rig.sandbox.posts(channel, id).size() == 1; });
    return id;
}

slack_post slack_scene::card(const std::string& id) {
    return rig.sandbox.posts(channel, id).at(0);
}

json::value slack_scene::click(
    const std::string& id, const std::string& user, const std::string& action, json::object more
) {
    return rig.sandbox.click(user, channel_id, card(id).ts, action, std::move(more));
}

json::value
slack_scene::submit(const json::value& clicked, const std::string& user, const std::string& reason) {
    const json::string& view = clicked.at("view").at("id").as_string();
    return rig.sandbox.submit(view, user, reason);
}

json::value slack_scene::decide(const std::string& id, const std::string& user, const std::string& action) {
    const json::value clicked = click(id, user, action);
    INFO(json::serialize(clicked));
    REQUIRE(clicked.at("status") == 200);
    REQUIRE(clicked.at("view").is_object());
    return submit(clicked, user, "seen, and fine");
}

std::pair<int, std::string> slack_scene::try_to_approve(const std::string& id, const std::string& user) {
    const json::value clicked = click(id, user, "approve");
    if (!clicked.at("view").is_object()) {
        return {clicked.at("status").to_number<int>(), json::serialize(clicked)};
    }
    const json::value submitted = submit(clicked, user, "let me in");
    return {submitted.at("status").to_number<int>(), json::serialize(submitted)};
}

json::value slack_scene::request(const std::string& id) {
    const json::value listed = rig.sandbox.control().get("/requests");
    for (const json::value& one : listed.as_array()) {
        if (one.at("id").as_string() == id) {
            return one;
        }
    }
    throw std::runtime_error("the cluster has no request " + id);
}

std::size_t slack_scene::reviews_of(const std::string& id) {
    return request(id).at("reviews").as_array().size();
}

} // namespace hallpass::test
