// What discord.py says of the simulated Discord's Gateway, against which hallpass is tried.
#include "judges.hpp"
#include "support/eventually.hpp"
#include "support/running_hallpass.hpp"
#include "support/running_sandbox.hpp"
#include "support/skip.hpp"
#include "support/temp_dir.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace hallpass;
using namespace hallpass::interop;
namespace json = boost::json;

namespace {

constexpr const char* channel_id = "1100000000000000001";
constexpr const char* bob = "1200000000000000002";

bool can_judge() {
    if (python_judges().path.empty()) {
        test::skip(python_judges().why);
        return false;
    }
    return true;
}

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// A message with buttons, by a hallpass that has ended.
std::string posted_message(test::running_sandbox& discord) {
    const test::temp_dir folder;
    const std::string file = folder.write(
        "hallpass.toml",
        "[teleport]\naddr = \"" + discord.auth_address() + "\"\nidentity = \"" + discord.identity_file() +
            "\"\n[discord]\ntoken = \"discord-sandbox-token\"\ngateway = true\napplication_id = \"" +
            discord.discord_application_id() + "\"\napi_url = \"" + discord.discord_url() +
            "\"\n[role_to_recipients]\n\"*\" = \"" + channel_id + "\"\n[review]\nenabled = true\n"
    );
    test::running_hallpass hallpass(file, {{"SSL_CERT_FILE", discord.ca_file()}});
    hallpass.wait_for_event("discord_gateway_open");
    discord.control().post(
        "/requests", json::object{{"user", "alice@example.com"}, {"roles", json::array{"dba"}}}
    );
    test::eventually("the request is posted", [&] {
        return discord.discord_posts("access-requests").size() == 1;
    });
    return discord.discord_posts("access-requests").front().id;
}

} // namespace

TEST_CASE("discord.py takes interactions from the simulated Gateway, also on a session that it resumes") {
    if (!can_judge()) {
        return;
    }
    for (const bool resumes : {false, true}) {
        CAPTURE(resumes);
        test::running_sandbox discord;
        const std::string message = posted_message(discord);
        const std::string host = discord.discord_url().substr(0, discord.discord_url().rfind("/api/"));
        std::vector<std::string> arguments{
            host + "/api/v10", "wss" + host.substr(std::string("https").size()) + "/gateway",
            "discord-sandbox-token", "2"};
        if (resumes) {
            arguments.emplace_back("resume");
        }
        test::process judge =
            begin_asking("discord_gateway.py", arguments, {{"SSL_CERT_FILE", discord.ca_file()}});
        const auto said = [&] { return judge.standard_output() + judge.standard_error(); };
        test::eventually("discord.py is there", [&] {
            REQUIRE_MESSAGE(!judge.exit_status(), said());
            return has(judge.standard_output(), resumes ? "resumed" : "ready");
        });
        for (const char* action : {"approve", "deny"}) {
            const json::value clicked = discord.discord_click(bob, channel_id, message, action);
            REQUIRE_MESSAGE(clicked.at("status") == 200, json::serialize(clicked), said());
        }
        REQUIRE_MESSAGE(judge.wait() == 0, said());
        CHECK_MESSAGE(has(said(), "hallpass:deny:"), said());
        CHECK_MESSAGE(has(said(), bob), said());
    }
}
