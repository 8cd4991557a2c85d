#include "written_file.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace hallpass;
using hallpass::test::load_text;

namespace {

using texts = std::vector<std::string>;

} // namespace

TEST_CASE("upstream's teleport-slack.toml is taken as it is") {
    const auto [read, said] = load_text(R"(
[teleport]
addr = "example.com:3025"
identity = "/var/lib/teleport/plugins/slack/auth_id" # identity file
refresh_identity = true

[slack]
token = "xoxb-11xx"
recipients = ["old"]

[review]
enabled = false
# app_token = "xapp-1"
slack_user_id_trait = "slack_uid"
allow_email_username_match = false

[role_to_recipients]
"dev" = "devs-slack-channel"
"*" = ["admin@example.com", "admin-slack-channel"]

[log]
output = "stderr"
severity = "INFO"
)");
    // "recipients" is Slack's own leftover: the service says so, not this reader.
    CHECK(said == texts{"warning: FILE:9: slack.recipients: unknown key, ignored"});
    REQUIRE(read.usable());
    const auto& configuration = *read.value;
    CHECK(configuration.teleport.addr == "example.com:3025");
    CHECK(configuration.teleport.identity == "/var/lib/teleport/plugins/slack/auth_id");
    CHECK(configuration.teleport.refresh_identity);
    CHECK(configuration.teleport.refresh_identity_interval == std::chrono::minutes(1));
    CHECK(configuration.log.output == config::log_output::standard_error);
    CHECK(configuration.log.severity == ports::severity::info);
    CHECK(configuration.on_uncertain == config::uncertain_policy::resend);
    REQUIRE(configuration.services.size() == 1);
    const auto& slack = configuration.services.front();
    CHECK(slack.kind->name == "slack");
    CHECK(slack.own.path() == "slack");
    CHECK(slack.routing.role_to_recipients.at("dev") == texts{"devs-slack-channel"});
    CHECK(slack.routing.role_to_recipients.at("*") == texts{"admin@example.com", "admin-slack-channel"});
}

TEST_CASE("several services share a file, and a service's own recipients win over the common ones") {
    const auto [read, said] = load_text(R"(
on_uncertain = "skip"
state_dir = "/srv/hallpass"
[teleport]
addr = "https://example.teleport.sh"
client_key = "/k"
client_crt = "/c"
root_cas = "/r"
[slack]
[slack.role_to_recipients]
"*" = "own"
[chat]
[role_to_recipients]
"*" = "common"
[log]
output = "/var/log/hallpass.log"
severity = "Warn"
format = "json"
)");
    CHECK(said == texts{});
    REQUIRE(read.usable());
    const auto& configuration = *read.value;
    CHECK(configuration.on_uncertain == config::uncertain_policy::skip);
    CHECK(configuration.state_dir == "/srv/hallpass");
    CHECK(configuration.teleport.addr == "example.teleport.sh:443");
    CHECK(configuration.teleport.root_cas == "/r");
    REQUIRE(configuration.services.size() == 2);
    CHECK(configuration.services[0].routing.role_to_recipients.at("*") == texts{"own"});
    CHECK(configuration.services[1].kind->name == "chat");
    CHECK(configuration.services[1].routing.role_to_recipients.at("*") == texts{"common"});
    CHECK(configuration.log.output == config::log_output::file);
    CHECK(configuration.log.path == "/var/log/hallpass.log");
    CHECK(configuration.log.severity == ports::severity::warning);
    CHECK(configuration.log.format == config::log_format::json);
}

TEST_CASE("the log's outputs and severities are spelled as upstream spells them") {
    const auto log_of = [](const std::string& lines) {
        const auto [read, said] = load_text(
            "[log]\n" + lines +
            "\n[teleport]\nidentity = \"/id\"\n[slack]\n[role_to_recipients]\n\"*\" = \"c\"\n"
        );
        CHECK(said == texts{});
        REQUIRE(read.value);
        return read.value->log;
    };
    using config::log_output;
    for (const auto* spelled : {"stderr", "error", "2"}) {
        CHECK(log_of("output = \"" + std::string(spelled) + '"').output == log_output::standard_error);
    }
    for (const auto* spelled : {"stdout", "out", "1", ""}) {
        CHECK(log_of("output = \"" + std::string(spelled) + '"').output == log_output::standard_output);
    }
    CHECK(log_of("output = \"journal\"").output == log_output::journal);
    CHECK(log_of("").output == log_output::standard_error);
    using ports::severity;
    CHECK(log_of("severity = \"ERR\"").severity == severity::error);
    CHECK(log_of("severity = \"error\"").severity == severity::error);
    CHECK(log_of("severity = \"debug\"").severity == severity::debug);
    CHECK(log_of("severity = \"trace\"").severity == severity::debug);
    CHECK(log_of("severity = \"warning\"").severity == severity::warning);
}

TEST_CASE("the older name of the address is taken, with a word about the new one") {
    const auto [read, said] = load_text(R"([teleport]
auth_server = "[::1]:3025"
identity = "/id"
refresh_identity = true
refresh_identity_interval = "1h30m"
[slack]
[role_to_recipients]
"*" = "c"
)");
    CHECK(said == texts{"warning: FILE:2: teleport.auth_server: is now called addr"});
    REQUIRE(read.usable());
    CHECK(read.value->teleport.addr == "[::1]:3025");
    CHECK(read.value->teleport.refresh_identity_interval == std::chrono::minutes(90));
}

TEST_CASE("without an address Auth is looked for on this host, as upstream does") {
    const auto [read, said] =
        load_text("[teleport]\nidentity = \"/id\"\n[slack]\n[role_to_recipients]\n\"*\" = \"c\"\n");
    CHECK(said == texts{});
    REQUIRE(read.usable());
    CHECK(read.value->teleport.addr == "localhost:3025");
}

TEST_CASE("a service can have its section under another name than its own") {
    static constexpr std::array<std::string_view, 2> sections{"msapi", "extra"};
    static constexpr ports::service_kind teams{"msteams", "", nullptr, false, sections};
    const std::array<const ports::service_kind*, 1> kinds{&teams};
    const test::scratch_folder folder;
    const std::string path = folder.write(
        "teams.toml", "preload = true\n[teleport]\nidentity = "
                      "\"/i\"\n[msapi]\n[extra]\n[role_to_recipients]\n\"*\" = \"a\"\n"
    );
    const auto read = config::load(path, kinds);
    REQUIRE(read.usable());
    REQUIRE(read.value->services.size() == 1);
    CHECK(read.value->services.front().kind->name == "msteams");
    CHECK(read.value->services.front().own.path() == "msapi");
    const auto other =
        config::load(folder.write("other.toml", "[teleport]\nidentity = \"/i\"\n[msteams]\n"), kinds);
    CHECK_FALSE(other.usable());
    CHECK(
        test::said_of(*other.found, folder.path("other.toml")).front() ==
        "error: FILE:3: msteams: no such service; this version has [msapi], [extra]"
    );
}
