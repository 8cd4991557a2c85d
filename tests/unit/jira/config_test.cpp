#include "../services/read_section.hpp"
#include "config/load.hpp"
#include "services/jira/config.hpp"
#include "services/jira/jira_kind.hpp"

#include <doctest/doctest.h>

#include <array>
#include <fstream>

using namespace hallpass;
using hallpass::services::jira::read_config;

namespace {

using texts = std::vector<std::string>;

auto read(const std::string& section) {
    return test::read_section(section, &read_config);
}

const std::string least = "url = \"https://example.atlassian.net\"\nusername = \"bot@example.com\"\n"
                          "api_token = \"x\"\nproject = \"ACCESS\"\n";

} // namespace

TEST_CASE("upstream's keys are all that Jira needs") {
    const auto [made, said] = read(least);
    REQUIRE(made);
    CHECK(said == texts{});
    CHECK(made->url == "https://example.atlassian.net/");
    CHECK(made->api_url == made->url);
    CHECK(made->cloud);
    CHECK(made->issue_type == "Task");
    CHECK(made->statuses.approved == "Approved");
    CHECK(made->webhook_secret.empty());
}

TEST_CASE("a token with scopes goes to Atlassian's gateway, and another host may be Data Center") {
    const auto scoped = read(least + "cloud_id = \"11223344-a1b2-4b33-8444-ef1234567890\"");
    REQUIRE(scoped.made);
    CHECK(scoped.made->api_url == "https://api.atlassian.com/ex/jira/11223344-a1b2-4b33-8444-ef1234567890/");
    CHECK(read(least + "cloud_id = \"mine\"")
              .said.at(0)
              .starts_with("error: F:5: cloud_id: must be the site's id"));
    const auto center = read("url = \"https://jira.example/base\"\napi_token = \"x\"\nproject = \"A\"");
    REQUIRE(center.made);
    CHECK_FALSE(center.made->cloud);
    CHECK(center.made->username.empty());
    CHECK(center.made->url == "https://jira.example/base/");
}

TEST_CASE("what is missing is told with the mend") {
    CHECK(
        read("").said ==
        texts{
            "error: F: url: is missing; set it to where Jira is, such as \"https://example.atlassian.net\"",
            "error: F: api_token: is missing; set it to a personal access token, or to an API token with "
            "username "
            "beside it, or to the path of a file with it",
            "error: F: project: is missing; set it to the key of the project that issues are made in, such "
            "as "
            "\"ACCESS\""}
    );
}

TEST_CASE("moves are looked for every quarter of a minute, less often beside webhooks, and not at all with 0s"
) {
    using namespace std::chrono_literals;
    CHECK(read(least).made->poll_interval == 15s);
    CHECK(read(least + "webhook_secret = \"x\"").made->poll_interval == 1min);
    CHECK(read(least + "poll_interval = \"0s\"").made->poll_interval == 0s);
    CHECK(read(least + "webhook_secret = \"x\"\npoll_interval = \"5s\"").made->poll_interval == 5s);
    CHECK_FALSE(read(least + "poll_interval = \"10ms\"").made);
    CHECK_FALSE(read(least + "poll_interval = \"often\"").made);
}

TEST_CASE("what would mix the ends up is refused") {
    CHECK_FALSE(read(least + "denied_status = \"APPROVED\"").made);
}

TEST_CASE("the printed example is a configuration") {
    std::string example(services::jira::jira_kind.example);
    for (const char* path : {"/etc/hallpass/jira-token"}) {
        example.replace(example.find(path), std::string_view(path).size(), "x");
    }
    std::ofstream(SCRATCH_FILE) << example;
    const std::array<const ports::service_kind*, 1> kinds{&services::jira::jira_kind};
    const auto loaded = config::load(SCRATCH_FILE, kinds);
    for (const problem& one : *loaded.found) {
        INFO(one.text);
        CHECK(one.level == problem_level::warning);
    }
    CHECK(loaded.value);
}
