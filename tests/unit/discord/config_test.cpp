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
