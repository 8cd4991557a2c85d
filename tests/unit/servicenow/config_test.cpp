#include "../services/read_section.hpp"
#include "config/load.hpp"
#include "services/servicenow/config.hpp"
#include "services/servicenow/servicenow_kind.hpp"

#include <doctest/doctest.h>

#include <array>
#include <fstream>

using namespace hallpass;
using hallpass::services::servicenow::read_config;

namespace {

using texts = std::vector<std::string>;

auto read(const std::string& section) {
    return test::read_section(section, &read_config);
}

const std::string least = "api_url = \"https://x.service-now.com\"\nusername = \"u\"\napi_token = \"p\"\n";

} // namespace

TEST_CASE("the instance and an account are all that ServiceNow needs, by either spelling") {
    for (const std::string& section :
         {least,
          std::string("api_endpoint = \"https://x.service-now.com\"\nusername = \"u\"\npassword = \"p\"\n"
          )}) {
        const auto [made, said] = read(section);
        REQUIRE(made);
        CHECK(said == texts{});
        CHECK(made->url == "https://x.service-now.com/");
        CHECK(made->password.reveal() == "p");
        CHECK(made->ends.approved == "6");
        CHECK(made->ends.denied == "7");
        CHECK(made->webhook_secret.empty());
        CHECK(made->on_call.enabled);
    }
}

TEST_CASE("what is missing is told with the mend") {
    CHECK(
        read("").said ==
        texts{
            "error: F: api_url: is missing; set it to the instance, such as "
            "\"https://example.service-now.com\"",
            "error: F: username: is missing; set username and api_token (its password), or client_id and "
            "client_secret"}
    );
    CHECK_FALSE(read("api_url = \"https://x\"\nusername = \"u\"").made);
    CHECK_FALSE(read("api_url = \"https://x\"\nclient_id = \"u\"").made);
    CHECK(read("api_url = \"https://x\"\nclient_id = \"u\"\nclient_secret = \"s\"").made);
}

TEST_CASE("states are numbers, and a secret that can be guessed is none") {
    const auto numbers = read(least + "denied_state = 8\nexpired_state = \"7\"");
    REQUIRE(numbers.made);
    CHECK(numbers.made->ends.denied == "8");
    CHECK(numbers.made->ends.expired == "7");
    CHECK_FALSE(read(least + "denied_state = \"Closed\"").made);
    CHECK_FALSE(read(least + "denied_state = \"7^active=true\"").made);
    CHECK_FALSE(read(least + "webhook_secret = \"short\"").made);
}

TEST_CASE("the printed example is a configuration") {
    std::string example(services::servicenow::servicenow_kind.example);
    const std::string path = "/etc/hallpass/servicenow-password";
    example.replace(example.find(path), path.size(), "x");
    std::ofstream(SCRATCH_FILE) << example;
    const std::array<const ports::service_kind*, 1> kinds{&services::servicenow::servicenow_kind};
    const auto loaded = config::load(SCRATCH_FILE, kinds);
    for (const problem& one : *loaded.found) {
        INFO(one.text);
        CHECK(one.level == problem_level::warning);
    }
    CHECK(loaded.value);
}

TEST_CASE(
    "being on call counts by the annotation, by rotas of the configuration for named roles, or not at all"
) {
    CHECK_FALSE(read(least + "approve_on_call = false").made->on_call.enabled);
    CHECK_FALSE(read(least + "[on_call]\nenabled = false").made->on_call.enabled);
    const auto [made, said] = read(
        least + "[on_call]\nrotas = \"0000000000000000000000000000000a\"\nroles = [\"dba\"]\n"
                "hours = \"09:00-17:00\"\ntime_zone = \"Europe/Berlin\"\nmax_duration = \"4h\""
    );
    REQUIRE(made);
    CHECK(said == texts{});
    CHECK(made->on_call.places == texts{"0000000000000000000000000000000a"});
    CHECK(made->on_call.rules.roles.contains("dba"));
    CHECK(made->on_call.rules.window.offset_at);
    const auto open = read(least + "[on_call]\nrotas = \"x\"");
    CHECK_FALSE(open.made);
    CHECK(open.said.at(0).find("on_call.roles: is missing") != std::string::npos);
}
