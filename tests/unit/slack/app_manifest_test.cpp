#include "services/slack/app_manifest.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace hallpass::services;
namespace json = boost::json;

TEST_CASE("the manifest of an app that is clicked over HTTPS names where Slack posts to") {
    const json::value manifest = json::parse(slack::app_manifest("https://hallpass.example.com:8081"));
    const json::object& settings = manifest.at("settings").as_object();
    CHECK(
        settings.at("interactivity").at("request_url") ==
        "https://hallpass.example.com:8081/slack/interactivity"
    );
    CHECK(settings.at("interactivity").at("is_enabled") == true);
    CHECK(settings.at("socket_mode_enabled") == false);
    CHECK(
        manifest.at("oauth_config").at("scopes").at("bot") ==
        json::value{
            "chat:write", "users:read", "users:read.email", "im:write", "channels:read", "groups:read",
            "channels:history", "groups:history", "im:history"}
    );
}

TEST_CASE("without an address the app is one for Socket Mode") {
    const json::value manifest = json::parse(slack::app_manifest(""));
    const json::object& settings = manifest.at("settings").as_object();
    CHECK_FALSE(settings.at("interactivity").as_object().contains("request_url"));
    CHECK(settings.at("socket_mode_enabled") == true);
}

TEST_CASE("what is no address for Slack to post to gives no manifest") {
    const auto refused = [](const std::vector<std::string>& arguments) {
        const auto made = slack::configure(arguments);
        return made ? std::string() : made.error().text();
    };
    CHECK(refused({"--manifest", "http://hallpass.example.com"}).find("https://") != std::string::npos);
    CHECK(refused({"--manifest", "https://a b"}).find("https://") != std::string::npos);
    CHECK_FALSE(refused({"--manifesto"}).empty());
    CHECK_FALSE(refused({"--manifest", "https://a", "https://b"}).empty());
    CHECK(refused({"--manifest", "https://a/"}).empty());
}
