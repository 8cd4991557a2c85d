#include "../services/read_section.hpp"
#include "config/load.hpp"
#include "services/msteams/config.hpp"
#include "services/msteams/msteams_kind.hpp"

#include <array>
#include <fstream>

using namespace hallpass;
using hallpass::services::msteams::read_config;

namespace {

using texts = std::vector<std::string>;

const std::string upstreams = "app_id = \"0A990000-0000-4000-8000-00000000b017\"\napp_secret = \"s\"\n"
                              "tenant_id = \"7e4a4700-0000-4000-8000-0000000000aa\"\n"
                              "teams_app_id = \"3a41fe57-0000-4000-8000-000000000001\"\n";

auto read(const std::string& section) {
    return test::read_section(section, &read_config);
}

} // namespace

TEST_CASE("upstream's keys are all that Teams needs") {
    const auto [made, said] = read(upstreams);
    REQUIRE(made);
    CHECK(said == texts{});
    CHECK(made->app_id == "0a990000-0000-4000-8000-00000000b017");
    CHECK(made->bot_tenant == made->tenant_id);
    CHECK(made->login_url == "https://login.microsoftonline.com/");
    CHECK(made->graph_url == "https://graph.microsoft.com/v1.0/");
    CHECK(made->bot_url == "https://smba.trafficmanager.net/emea/");
    CHECK(made->bot_login_url == "https://login.botframework.com/v1/");
}

TEST_CASE("region, a multi-tenant bot and other endpoints are taken") {
    const auto [made, said] =
        read(upstreams + "region = \"amer\"\nbot_tenant = \"botframework.com\"\nrate_limit = \"5/s\"\n");
    REQUIRE(made);
    CHECK(said == texts{});
    CHECK(made->bot_url == "https://smba.trafficmanager.net/amer/");
    CHECK(made->bot_tenant == "botframework.com");
    CHECK(made->least_interval == std::chrono::milliseconds(200));
    const auto elsewhere =
        read(upstreams + "bot_url = \"https://127.0.0.1:1/teams\"\nlogin_url = \"https://l/\"\n");
    REQUIRE(elsewhere.made);
    CHECK(elsewhere.made->bot_url == "https://127.0.0.1:1/teams/");
    CHECK(elsewhere.made->login_url == "https://l/");
}

TEST_CASE(
    "each of Microsoft's clouds has its addresses, tokens and signatures, and the operator's URLs still count"
) {
    const auto [dod, said] = read(upstreams + "cloud = \"dod\"\n");
    REQUIRE(dod);
    CHECK(said == texts{});
    CHECK(dod->login_url == "https://login.microsoftonline.us/");
    CHECK(dod->graph_url == "https://dod-graph.microsoft.us/v1.0/");
    CHECK(dod->bot_url == "https://smba.infra.dod.teams.microsoft.us/teams/");
    CHECK(dod->bot_login_url == "https://login.botframework.azure.us/v1/");
    CHECK(dod->where.bot_issuer == "https://api.botframework.us");
    const auto gcc = read(upstreams + "cloud = \"gcc\"\ngraph_url = \"https://graph.example/\"\n");
    REQUIRE(gcc.made);
    CHECK(gcc.made->login_url == "https://login.microsoftonline.com/");
    CHECK(gcc.made->graph_url == "https://graph.example/");
    CHECK(gcc.made->bot_url == "https://smba.infra.gcc.teams.microsoft.com/teams/");
    const auto regional = read(upstreams + "cloud = \"gcc-high\"\nregion = \"amer\"\n");
    REQUIRE(regional.made);
    CHECK(regional.said == texts{"warning: F:6: region: counts in the public cloud alone"});
    const auto china = read(upstreams + "cloud = \"china\"\n");
    CHECK_FALSE(china.made);
    CHECK(
        china.said == texts{"error: F: bot_url: is missing; in this cloud, set it to the serviceUrl of the "
                            "messages that bots get"}
    );
    CHECK(read(upstreams + "cloud = \"china\"\nbot_url = \"https://bots.example/\"\n").made);
    CHECK(
        read(upstreams + "cloud = \"mars\"\n").said ==
        texts{"error: F:5: cloud: must be \"public\", \"gcc\", \"gcc-high\", \"dod\" or \"china\", found "
              "\"mars\""}
    );
}

TEST_CASE("what is missing is told, key by key, with the mend") {
    CHECK(
        read("").said ==
        texts{
            "error: F: app_id: is missing; set it to the application (client) id of the app's registration",
            "error: F: app_secret: is missing; set it to a client secret of the app's registration, or to "
            "the path "
            "of a file with it",
            "error: F: tenant_id: is missing; set it to the directory (tenant) id",
            "error: F: teams_app_id: is missing; set it to the id in the manifest of the Teams app"}
    );
}

TEST_CASE("what isn't an id, a word or a URL is refused, and never gets into a path") {
    for (const auto& [lines, part] :
         {std::pair("region = \"emea/../x\"", "region: must be one word"),
          std::pair("region = \"..\"", "region: must be one word"),
          std::pair("bot_tenant = \"a b\"", "bot_tenant: must be one word"),
          std::pair("graph_url = \"graph\"", "graph_url: must be a URL"),
          std::pair("rate_limit = 0", "rate_limit: must be from 1"),
          std::pair("[users]\nalice = \"alice\"", "users.alice: must be the object id"),
          std::pair("[users]\nA11CE000-0000-4000-8000-000000000001 = \"alice\"", "in small letters")}) {
        CAPTURE(lines);
        const auto [made, said] = read(upstreams + lines);
        CHECK_FALSE(made);
        REQUIRE(said.size() == 1);
        CHECK(said[0].find(part) != std::string::npos);
    }
    const auto [made, said] = read("app_id = \"my-app\"\napp_secret = \"s\"\ntenant_id = \"contoso.com\"\n"
                                   "teams_app_id = \"3a41fe57-0000-4000-8000-000000000001\"\n");
    CHECK_FALSE(made);
    CHECK(said.size() == 2);
}

TEST_CASE("upstream's default recipient is told to belong elsewhere") {
    const auto [made, said] = read(upstreams + "default_recipient = \"alice\"\n");
    CHECK(made);
    CHECK(
        said == texts{"warning: F:5: default_recipient: ignored; recipients belong into [role_to_recipients]"}
    );
}

TEST_CASE("the printed example is a configuration") {
    const ports::service_kind& kind = services::msteams::msteams_kind;
    const std::array<const ports::service_kind*, 1> kinds{&kind};
    std::ofstream(SCRATCH_FILE) << kind.example;
    const auto loaded = config::load(SCRATCH_FILE, kinds);
    CHECK(loaded.usable());
    REQUIRE(loaded.value);
    REQUIRE(loaded.value->services.size() == 1);
    CHECK(loaded.value->services[0].kind->name == "msteams");
}
