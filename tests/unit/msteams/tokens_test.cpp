#include "base/base64.hpp"
#include "bench.hpp"
#include "services/msteams/permissions.hpp"
#include "services/msteams/tokens.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::services::msteams;
using namespace hallpass::test;
using namespace std::chrono_literals;

namespace {

struct token_bench : bench {
    msteams_config config = sample_config();
    tokens credentials{http, time, config};

    result<secret> get(audience whom) {
        return run([&] { return credentials.get(whom, 5s); });
    }
};

} // namespace

TEST_CASE("each side has a token of its own, of its tenant, kept until shortly before it ends") {
    token_bench all;
    all.token("one");
    all.token("two");
    all.token("three");
    CHECK(all.get(audience::graph)->reveal() == "one");
    CHECK(all.get(audience::bot)->reveal() == "two");
    all.time.time += 54min;
    CHECK(all.get(audience::graph)->reveal() == "one");
    all.time.time += 2min;
    CHECK(all.get(audience::graph)->reveal() == "three");
    REQUIRE(all.http.asked.size() == 3);
    CHECK(all.http.asked[0].url == "https://login.example/" + std::string(tenant_id) + "/oauth2/v2.0/token");
    CHECK(all.http.asked[1].url == "https://login.example/botframework.com/oauth2/v2.0/token");
    CHECK(
        all.http.asked[0].body ==
        "grant_type=client_credentials&client_id=0a990000-0000-4000-8000-00000000b017&client_secret="
        "the~secret%26of%20the%20app&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default"
    );
    all.check_secret_is_kept();
}

TEST_CASE("in another cloud, tokens are asked for by its names") {
    token_bench all;
    all.config.where = *find_cloud("gcc-high");
    all.token("one");
    all.token("two");
    CHECK(all.get(audience::graph)->reveal() == "one");
    CHECK(all.get(audience::bot)->reveal() == "two");
    CHECK(all.http.asked[0].body.ends_with("&scope=https%3A%2F%2Fgraph.microsoft.us%2F.default"));
    CHECK(all.http.asked[1].body.ends_with("&scope=https%3A%2F%2Fapi.botframework.us%2F.default"));
}

TEST_CASE("of many that want a token, one asks for it") {
    token_bench all;
    all.token("one");
    all.http.hold();
    int got = 0;
    for (int i = 0; i < 5; ++i) {
        boost::asio::co_spawn(
            all.context,
            [&]() -> boost::asio::awaitable<void> {
                const result<secret> token = co_await all.credentials.get(audience::bot, 5s);
                got += token.has_value() && token->reveal() == "one" ? 1 : 0;
            },
            boost::asio::detached
        );
    }
    all.context.poll();
    CHECK(all.http.asked.size() == 1);
    all.http.release();
    all.context.restart();
    all.context.poll();
    CHECK(got == 5);
    CHECK(all.http.asked.size() == 1);
}

TEST_CASE("a refused registration is unauthorised, with the mend and without the secret") {
    for (const auto& [code, mend] :
         {std::pair("AADSTS7000215", "msapi.app_secret is wrong"), std::pair("AADSTS7000222", "has expired"),
          std::pair("AADSTS700016", "doesn't know msapi.app_id"), std::pair("AADSTS90002", "no tenant"),
          std::pair("AADSTS1", "check app_id, app_secret and tenant_id")}) {
        CAPTURE(code);
        token_bench all;
        all.says(
            "{\"error\":\"invalid_client\",\"error_description\":\"" + std::string(code) +
                ": no.\\r\\nTrace\"}",
            401
        );
        const auto got = all.get(audience::graph);
        REQUIRE(got.has_error());
        CHECK(got.error().kind() == fault_kind::unauthorised);
        CHECK(got.error().text().find(mend) != std::string::npos);
        CHECK(got.error().text().find("secret&") == std::string::npos);
    }
}

TEST_CASE("an answer that is none passes, and the next call asks again") {
    token_bench all;
    all.says("<html>", 503);
    all.says("{}");
    all.token("one");
    CHECK(all.get(audience::bot).error().kind() == fault_kind::transient);
    CHECK(all.get(audience::bot).error().kind() == fault_kind::transient);
    CHECK(all.get(audience::bot)->reveal() == "one");
}

TEST_CASE("a lost call for a token has not posted anything") {
    token_bench all;
    fault lost(fault_kind::transient, "timed out");
    lost.set_uncertain(true);
    all.http.script.emplace_back(lost);
    const auto got = all.get(audience::bot);
    REQUIRE(got.has_error());
    CHECK_FALSE(got.error().uncertain());
}

TEST_CASE("missing permissions are named, and a token that can't be read says nothing") {
    const auto token = [](const std::string& claims) { return secret("h." + to_base64url(claims) + ".s"); };
    const auto none = find_missing(permissions_of(secret("opaque")));
    CHECK(none.needed.empty());
    CHECK(none.for_channels.empty());
    const auto some = find_missing(permissions_of(
        token(R"({"roles":["Directory.Read.All","TeamsAppInstallation.ReadWriteSelfForUser.All"]})")
    ));
    CHECK(some.needed == std::vector<std::string>{"AppCatalog.Read.All"});
    CHECK(some.for_channels == std::vector<std::string>{"TeamsAppInstallation.ReadWriteSelfForTeam.All"});
}
