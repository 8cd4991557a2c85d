#include "../services/read_section.hpp"
#include "config/load.hpp"
#include "services/discord/config.hpp"
#include "services/discord/discord_kind.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdio>
#include <fstream>

using namespace hallpass;
using hallpass::services::discord::read_config;

namespace {

using texts = std::vector<std::string>;

auto read(const std::string& section) {
    return test::read_section(section, &read_config);
}

} // namespace

TEST_CASE("a token is all that Discord needs") {
    const auto [made, said] = read("token = \"secret\"");
    REQUIRE(made);
    CHECK(said == texts{});
    CHECK(made->token.reveal() == "secret");
    CHECK(made->api_url == "https://discord.com/api/v10/");
}

TEST_CASE("the API can be elsewhere, and upstream's URL without a version means the one we speak") {
    for (const auto* key : {"api_url", "apiurl", "APIURL"}) {
        const auto [made, said] =
            read("token = \"x\"\n" + std::string(key) + " = \"http://127.0.0.1:1/api\"");
        REQUIRE(made);
        CHECK(said == texts{});
        CHECK(made->api_url == "http://127.0.0.1:1/api/v10/");
    }
    CHECK(
        read("token = \"x\"\napi_url = \"https://p.example/api/v9\"").made->api_url ==
        "https://p.example/api/v9/"
    );
    CHECK(read("token = \"x\"\napi_url = \"https://p.example/\"").made->api_url == "https://p.example/");
    CHECK_FALSE(read("token = \"x\"\napi_url = \"discord.com\"").made);
}

TEST_CASE("a token that isn't there is told with the mend") {
    const auto missing = read("");
    CHECK_FALSE(missing.made);
    CHECK(
        missing.said ==
        texts{"error: F: token: is missing; set it to the bot's token, or to the path of a file with it"}
    );
    CHECK(
        read("token = \"/no/such/token\"").said ==
        texts{"error: F:1: token: can't read /no/such/token: No such file or directory; check the path"}
    );
}

TEST_CASE("the table of people has Discord's ids on its left") {
    const auto [made, said] = read("token = \"x\"\n[users]\n80351110224678912 = \"alice@example.com\"");
    CHECK(made);
    CHECK(said == texts{});
}

TEST_CASE("what is no id of a person is refused with file, line, key and the mend") {
    const std::string mend = "must be the id of a Discord user, such as \"80351110224678912\": in Discord, "
                             "switch on Developer Mode, then \"Copy User ID\"; the person's Teleport user "
                             "stands behind it";
    for (const std::string id : {"alice#1234", "123", "@80351110224678912", "-80351110224678912"}) {
        CAPTURE(id);
        const std::string written = id.find_first_of("#@") == std::string::npos ? id : '"' + id + '"';
        const auto [made, said] = read("token = \"x\"\n[users]\n\"" + id + "\" = \"alice\"");
        CHECK_FALSE(made);
        CHECK(said == texts{"error: F:3: users." + written + ": " + mend});
    }
}

TEST_CASE("a rate limit is read, upstream's leftover recipients are ignored aloud, and unknown keys too") {
    const auto [made, said] =
        read("token = \"x\"\nrate_limit = \"2/s\"\nrecipients = [\"1\"]\ntokne = \"x\"");
    REQUIRE(made);
    CHECK(made->least_interval == std::chrono::milliseconds(500));
    CHECK(
        said ==
        texts{
            "warning: F:3: recipients: ignored; recipients belong into [role_to_recipients]",
            "warning: F:4: tokne: unknown key, ignored; did you mean \"token\"?",
        }
    );
    CHECK_FALSE(read("token = \"x\"\nrate_limit = 0").made);
}

TEST_CASE("the application's id and public key go together, and each is what the portal shows") {
    const std::string key = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8";
    const auto both = [&](const std::string& id, const std::string& written) {
        return read("token = \"x\"\napplication_id = " + id + "\npublic_key = \"" + written + '"');
    };
    for (const auto* id : {"157730590492196864", "\"157730590492196864\""}) {
        const auto [made, said] = both(id, key);
        REQUIRE(made);
        CHECK(said == texts{});
        CHECK(made->application_id == "157730590492196864");
        CHECK(made->public_key.size() == 32);
        CHECK(made->public_key.front() == '\x03');
    }
    for (const std::string& odd : {key.substr(1), key + "0", std::string(64, 'g'), "0x" + key}) {
        const auto [made, said] = both("157730590492196864", odd);
        CHECK_FALSE(made);
        REQUIRE(said.size() >= 1);
        CHECK(
            said.front().find("public_key: must be the app's Public Key, 64 hex digits") != std::string::npos
        );
    }
    CHECK_FALSE(both("\"the-app\"", key).made);
    const auto lonely = read("token = \"x\"\npublic_key = \"" + key + '"');
    CHECK_FALSE(lonely.made);
    REQUIRE(lonely.said.size() == 1);
    CHECK(
        lonely.said.front().find("application_id: is missing, and decisions from Discord need it") !=
        std::string::npos
    );
    CHECK_FALSE(read("token = \"x\"\napplication_id = \"157730590492196864\"").made);
}

TEST_CASE("decisions over the Gateway need the application's id, and no public key") {
    const std::string id = "token = \"x\"\napplication_id = \"157730590492196864\"\n";
    const auto [made, said] = read(id + "gateway = true");
    REQUIRE(made);
    CHECK(said == texts{});
    CHECK(made->gateway);
    CHECK_FALSE(read("token = \"x\"\ngateway = false").made->gateway);
    const auto without = read("token = \"x\"\ngateway = true");
    CHECK_FALSE(without.made);
    REQUIRE(without.said.size() == 1);
    CHECK(
        without.said.front() == "error: F: application_id: is missing, and decisions from Discord need it "
                                "beside gateway; set it to the "
                                "app's Application ID, such as \"157730590492196864\": \"General "
                                "Information\" in the Developer Portal"
    );
    const auto neither = read(id);
    CHECK_FALSE(neither.made);
    REQUIRE(neither.said.size() == 1);
    CHECK(neither.said.front().find("set gateway = true") != std::string::npos);
    const auto both = read(id + "gateway = true\npublic_key = \"" + std::string(64, 'a') + '"');
    REQUIRE(both.made);
    CHECK(
        both.said == texts{"warning: F:4: public_key: isn't used with gateway = true: Discord signs nothing "
                           "there; take it out"}
    );
    CHECK_FALSE(read(id + "gateway = \"yes\"").made);
}

TEST_CASE("what hallpass prints as an example loads without a problem, but for the secret's file") {
    using services::discord::discord_kind;
    CHECK(discord_kind.name == "discord");
    const std::array kinds{&discord_kind};
    const std::string printed = SCRATCH_FILE;
    std::ofstream(printed) << discord_kind.example;
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
        loaded.found->front().text.find("discord.token: can't read /etc/hallpass/discord-token") !=
        std::string::npos
    );
    std::remove(printed.c_str());
}
