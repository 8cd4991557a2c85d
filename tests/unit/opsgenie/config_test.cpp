#include "../services/read_section.hpp"
#include "config/load.hpp"
#include "services/opsgenie/config.hpp"
#include "services/opsgenie/migration.hpp"
#include "services/opsgenie/opsgenie_kind.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdio>
#include <fstream>

using namespace hallpass;
using namespace hallpass::services::opsgenie;

namespace {

using texts = std::vector<std::string>;

auto read(const std::string& section) {
    return test::read_section(section, &read_opsgenie_config);
}

auto read_jsm(const std::string& section) {
    return test::read_section(section, &read_jsm_config);
}

const std::string jsm_section =
    "api_key = \"k\"\ncloud_id = \"c-1\"\nuser_email = \"a@example.com\"\napi_token = \"t\"\n";

} // namespace

TEST_CASE("a key is all that Opsgenie needs, and it reads with it, too") {
    const auto [made, said] = read("api_key = \"k\"");
    REQUIRE(made);
    CHECK(said == texts{});
    CHECK(made->on == platform::opsgenie);
    CHECK(made->alerts_url == "https://api.opsgenie.com/v2/");
    CHECK(made->reading_url == "https://api.opsgenie.com/v2/");
    CHECK(made->reading_header.reveal() == "GenieKey k");
    const auto two =
        read("api_key = \"k\"\nreading_api_key = \"r\"\napi_url = \"https://api.eu.opsgenie.com\"");
    REQUIRE(two.made);
    CHECK(two.made->reading_header.reveal() == "GenieKey r");
    CHECK(two.made->alerts_url == "https://api.eu.opsgenie.com/v2/");
}

TEST_CASE("its successor needs a key for alerts, and an account that reads") {
    const auto [made, said] = read_jsm(jsm_section);
    REQUIRE(made);
    CHECK(said == texts{});
    CHECK(made->on == platform::jsm);
    CHECK(made->alerts_url == "https://api.atlassian.com/jsm/ops/integration/v2/");
    CHECK(made->reading_url == "https://api.atlassian.com/jsm/ops/api/c-1/v1/");
    CHECK(made->reading_header.reveal() == "Basic YUBleGFtcGxlLmNvbTp0");
    CHECK(made->site_url.empty());
}

TEST_CASE("what is missing or can't be is told with the mend") {
    CHECK(
        read("").said == texts{"error: F: api_key: is missing; set it to the API key of an integration of "
                               "the type API, or to the path "
                               "of a file with it"}
    );
    const auto nothing = read_jsm("");
    CHECK_FALSE(nothing.made);
    CHECK(nothing.said.size() == 4);
    CHECK(
        read("api_key = \"k\"\npriority = \"high\"").said ==
        texts{"error: F:2: priority: must be \"P1\" to \"P5\", found \"high\""}
    );
    CHECK(
        read("api_key = \"k\"\n[on_call]\nschedules = \"Database\"").said ==
        texts{"error: F:2: on_call.roles: is missing; list the roles that people on call get without a "
              "reviewer, or "
              "\"*\" for all"}
    );
    CHECK_FALSE(read_jsm(jsm_section + "site_url = \"example.atlassian.net\"").made);
}

TEST_CASE("the section of the successor has all that carries over, and no secret") {
    const auto [made, said] = read("api_key = \"the-secret\"\ndefault_schedules = [\"A "
                                   "\\\"b\\\"\"]\ndefault_teams = \"T\"\npriority = \"P1\"\n"
                                   "[on_call]\nroles = \"dba\"\nschedules = \"S\"");
    REQUIRE(made);
    const std::string section = migrated_section(*made);
    for (const auto* line :
         {"[jsm]\n", "\ndefault_schedules = [\"A \\\"b\\\"\"]\n", "\ndefault_teams = [\"T\"]\n",
          "\npriority = \"P1\"\n", "\n[jsm.on_call]\nschedules = [\"S\"]\nroles = [\"dba\"]\n"}) {
        CAPTURE(line);
        CHECK(section.find(line) != std::string::npos);
    }
    CHECK(section.find("the-secret") == std::string::npos);
}

TEST_CASE("what hallpass prints as examples loads without a problem, but for the secrets' files") {
    for (const ports::service_kind* kind : {&opsgenie_kind, &jsm_kind}) {
        CAPTURE(kind->name);
        const std::array kinds{kind};
        const std::string printed = SCRATCH_FILE;
        std::ofstream(printed) << kind->example;
        const auto loaded = config::load(printed, kinds);
        REQUIRE(loaded.value);
        CHECK(loaded.usable());
        settings own = loaded.value->services.at(0).own;
        CHECK_FALSE((kind == &jsm_kind ? read_jsm_config(own) : read_opsgenie_config(own)));
        settings all = loaded.value->all;
        all.warn_of_unknown_keys();
        for (const problem& one : *loaded.found) {
            CHECK(one.text.find("can't read /etc/hallpass/") != std::string::npos);
        }
        std::remove(printed.c_str());
    }
}
