#include "../services/read_section.hpp"
#include "config/load.hpp"
#include "services/pagerduty/config.hpp"
#include "services/pagerduty/pagerduty_kind.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdio>
#include <fstream>

using namespace hallpass;
using hallpass::services::pagerduty::read_config;

namespace {

using texts = std::vector<std::string>;

const std::string needed = "api_key = \"key\"\nuser_email = \"hallpass@example.com\"\n";

auto read(const std::string& section) {
    return test::read_section(section, &read_config);
}

std::string only_problem(const std::string& lines) {
    const auto got = read(needed + lines);
    CHECK_FALSE(got.made);
    REQUIRE(got.said.size() == 1);
    return got.said.front();
}

} // namespace

TEST_CASE("a key and an e-mail are all that PagerDuty needs") {
    const auto [made, said] = read(needed);
    REQUIRE(made);
    CHECK(said == texts{});
    CHECK(made->api_key.reveal() == "key");
    CHECK(made->user_email == "hallpass@example.com");
    CHECK(made->api_url == "https://api.pagerduty.com/");
    CHECK(made->notify_annotation == "pagerduty_notify_service");
    CHECK(made->on_call_annotation == "pagerduty_services");
    CHECK(made->on_call.enabled);
    CHECK(made->on_call.last_level == 1);
    CHECK(made->webhook_secret.empty());
}

TEST_CASE("what is missing or can't be is told with the mend") {
    const auto [made, said] = read("");
    CHECK_FALSE(made);
    CHECK(
        said ==
        texts{
            "error: F: api_key: is missing; set it to a REST API key of PagerDuty (\"Integrations\", \"API "
            "Access "
            "Keys\"), or to the path of a file with it",
            "error: F: user_email: is missing; set it to the e-mail of the PagerDuty user that hallpass acts "
            "as"}
    );
    CHECK(
        read("api_key = \"x\"\nuser_email = \"hallpass\"").said ==
        texts{"error: F:2: user_email: must be an e-mail address, found \"hallpass\""}
    );
    CHECK(
        only_problem("urgency = \"P1\"") == "error: F:3: urgency: must be \"high\" or \"low\", found \"P1\""
    );
}

TEST_CASE("annotations are renamed by upstream's table, by the documented one, and beside the other keys") {
    for (const auto* lines :
         {"[RequestAnnotations]\nnotify_service = \"n\"\nservices = \"s\"",
          "[requestannotations]\nnotify_service = \"n\"\nservices = \"s\"",
          "[request_annotations]\nnotify_service = \"n\"\nservices = \"s\"",
          "notify_service = \"n\"\nservices = \"s\""}) {
        CAPTURE(lines);
        const auto [made, said] = read(needed + lines);
        REQUIRE(made);
        CHECK(said == texts{});
        CHECK(made->notify_annotation == "n");
        CHECK(made->on_call_annotation == "s");
    }
}

TEST_CASE("services are ids or names, one or several") {
    CHECK(read(needed + "service_id = \"PABC123\"").made->services == texts{"PABC123"});
    CHECK(read(needed + "service_id = [\"PABC123\", \"Web\"]").made->services == texts{"PABC123", "Web"});
}

TEST_CASE("rules for people on call say for which roles, and everything in them is checked") {
    const auto [made, said] = read(
        needed +
        "[on_call]\nroles = [\"dba\"]\nschedules = \"Database\"\nescalation_policies = [\"P1\"]\n"
        "services = \"Web\"\nmax_escalation_level = 2\nmax_duration = \"4h\"\nhours = \"22:00-06:00\"\n"
        "days = [\"sat\", \"sun\"]\nutc_offset = \"+01:00\""
    );
    REQUIRE(made);
    CHECK(said == texts{});
    CHECK(made->on_call.last_level == 2);
    CHECK(made->on_call.schedules == texts{"Database"});
    CHECK(made->on_call.rules.roles.contains("dba"));
    CHECK(made->on_call.rules.max_duration == std::chrono::hours(4));
    CHECK(made->on_call.rules.window.days == std::set<unsigned>{0, 6});
    CHECK(
        only_problem("[on_call]\nschedules = \"Database\"") ==
        "error: F:3: on_call.roles: is missing; list the roles that people on call get without a reviewer, "
        "or \"*\" "
        "for all"
    );
    CHECK(
        only_problem("[on_call]\nhours = \"nine\"") ==
        "error: F:4: on_call.hours: must be a part of the day such as \"09:00-17:30\", found \"nine\""
    );
    CHECK(
        only_problem("[on_call]\nmax_escalation_level = 0").find("must be from 1 to 20") != std::string::npos
    );
    CHECK(only_problem("[on_call]\ndays = \"monday\"").find("must be of \"mon\"") != std::string::npos);
    CHECK(only_problem("[on_call]\nutc_offset = \"Berlin\"").find("must be such as") != std::string::npos);
    CHECK(
        only_problem("[on_call]\ntime_zone = \"Europe/Atlantis\"") ==
        "error: F:4: on_call.time_zone: must be a zone that this machine knows (package tzdata), such as "
        "\"Europe/Berlin\", found \"Europe/Atlantis\""
    );
    CHECK(
        only_problem("[on_call]\ntime_zone = \"Europe/Berlin\"\nutc_offset = \"Z\"").find("say two things") !=
        std::string::npos
    );
    CHECK(only_problem("[on_call]\nmax_duration = \"long\"").find("must be a duration") != std::string::npos);
}

TEST_CASE("hours of being on call may be by a place's clock") {
    const auto [made, said] =
        read(needed + "[on_call]\nroles = \"*\"\nhours = \"09:00-17:00\"\ntime_zone = \"Europe/Berlin\"");
    REQUIRE(made);
    CHECK(said == texts{});
    const access::daily_window& window = made->on_call.rules.window;
    CHECK(access::is_within(window, *parse_rfc3339("2026-07-01T07:00:00Z")));
    CHECK_FALSE(access::is_within(window, *parse_rfc3339("2026-12-01T07:00:00Z")));
}

TEST_CASE("two actions that are one, and keys of the past, are told of") {
    CHECK(
        only_problem("approve_action = \"01A\"\ndeny_action = \"01A\"") ==
        "error: F:4: deny_action: is the same action as approve_action; name two"
    );
    const auto [made, said] = read(needed + "auto_approve = true");
    CHECK(made);
    CHECK(
        said ==
        texts{
            "warning: F:3: auto_approve: ignored; [pagerduty.on_call] says who is approved for being on call"}
    );
}

TEST_CASE("what hallpass prints as an example loads without a problem, but for the secret's file") {
    using services::pagerduty::pagerduty_kind;
    CHECK(pagerduty_kind.name == "pagerduty");
    const std::array kinds{&pagerduty_kind};
    const std::string printed = SCRATCH_FILE;
    std::ofstream(printed) << pagerduty_kind.example;
    const auto loaded = config::load(printed, kinds);
    REQUIRE(loaded.value);
    CHECK(loaded.usable());
    REQUIRE(loaded.value->services.size() == 1);
    settings own = loaded.value->services.front().own;
    CHECK_FALSE(read_config(own));
    settings all = loaded.value->all;
    all.warn_of_unknown_keys();
    REQUIRE(loaded.found->size() == 1);
    CHECK(
        loaded.found->front().text.find("pagerduty.api_key: can't read /etc/hallpass/pagerduty-key") !=
        std::string::npos
    );
    std::remove(printed.c_str());
}
