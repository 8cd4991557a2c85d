#include "../services/read_section.hpp"
#include "config/load.hpp"
#include "config/toml.hpp"
#include "services/slack/config.hpp"
#include "services/slack/slack_kind.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdio>
#include <fstream>

using namespace hallpass;
using hallpass::services::slack::read_config;

namespace {

using texts = std::vector<std::string>;

auto read(const std::string& section) {
    return test::read_section(section, &read_config);
}

} // namespace

TEST_CASE("a token is all that Slack needs") {
    const auto [made, said] = read("token = \"xoxb-1\"");
    REQUIRE(made);
    CHECK(said == texts{});
    CHECK(made->token.reveal() == "xoxb-1");
    CHECK(made->api_url == "https://slack.com/api/");
}

TEST_CASE("the API can be elsewhere, in our spelling and in upstream's, with or without the last slash") {
    for (const auto* key : {"api_url", "apiurl", "APIURL", "ApiUrl"}) {
        for (const auto* url : {"http://127.0.0.1:8080/api", "http://127.0.0.1:8080/api/"}) {
            const auto [made, said] = read("token = \"xoxb-1\"\n" + std::string(key) + " = \"" + url + '"');
            REQUIRE(made);
            CHECK(said == texts{});
            CHECK(made->api_url == "http://127.0.0.1:8080/api/");
        }
    }
    const auto [made, said] =
        read("token = \"xoxb-1\"\napi_url = \"http://[::1]:1\"\nAPIURL = \"http://localhost:2\"");
    REQUIRE(made);
    CHECK(made->api_url == "http://[::1]:1/");
    CHECK(said == texts{"warning: F:3: APIURL: ignored, because api_url is there; take it out"});
}

TEST_CASE("plain http to another host is warned about") {
    const auto [made, said] = read("token = \"xoxb-1\"\napi_url = \"http://slack.example.com/api/\"");
    CHECK(made);
    CHECK(
        said ==
        texts{"warning: F:2: api_url: is plain http: the token can be read on the way to slack.example.com"}
    );
    CHECK(read("token = \"xoxb-1\"\napi_url = \"http://localhost.example.com\"").said.size() == 1);
}

TEST_CASE("an API that is no URL is refused") {
    for (const auto* url : {"slack.com", "ftp://slack.com/", "https://", "https:///x", "https://a b/"}) {
        const auto [made, said] = read("token = \"xoxb-1\"\napi_url = \"" + std::string(url) + '"');
        CHECK_FALSE(made);
        CHECK(
            said ==
            texts{
                "error: F:2: api_url: must be a URL that begins with https:// (or http://), found \"" +
                std::string(url) + '"'}
        );
    }
    for (const auto* url : {"https://me@slack.com/", "https://slack.com/?a=b", "https://slack.com/#x"}) {
        const auto [made, said] = read("token = \"xoxb-1\"\napi_url = \"" + std::string(url) + '"');
        CHECK_FALSE(made);
        CHECK(said == texts{"error: F:2: api_url: must be a URL without user, query and fragment"});
    }
}

TEST_CASE("a rate limit is a number of calls a second, or a text with its unit") {
    using std::chrono::nanoseconds;
    const std::vector<std::pair<std::string, nanoseconds>> forms{
        {"20", std::chrono::milliseconds(50)},
        {"\"1/s\"", std::chrono::seconds(1)},
        {"\" 50/m \"", std::chrono::milliseconds(1200)},
        {"\"3000/h\"", std::chrono::milliseconds(1200)},
        {"3", nanoseconds(333'333'334)},
        {"\"\"", nanoseconds(0)},
    };
    for (const auto& [written, interval] : forms) {
        CAPTURE(written);
        const auto [made, said] = read("token = \"xoxb-1\"\nrate_limit = " + written);
        REQUIRE(made);
        CHECK(said == texts{});
        CHECK(made->least_interval == interval);
    }
    const auto [made, said] = read("token = \"xoxb-1\"");
    REQUIRE(made);
    CHECK(made->least_interval == nanoseconds(0));
}

TEST_CASE("a rate limit that is none is refused with what it may be") {
    const std::string must = "error: F:2: rate_limit: must be calls a second, such as 20, or a text with "
                             "calls a second, minute or "
                             "hour, such as \"1/s\", \"50/m\" or \"3000/h\", found ";
    for (const auto* text : {"50", "50/min", "/m", "m", "1.5/s", "5/m/s", "99999999999999999999/s", "5 /m"}) {
        CAPTURE(text);
        const auto [made, said] = read("token = \"xoxb-1\"\nrate_limit = \"" + std::string(text) + '"');
        CHECK_FALSE(made);
        CHECK(said == texts{must + '"' + text + '"'});
    }
    const auto fraction = read("token = \"xoxb-1\"\nrate_limit = 0.5");
    CHECK_FALSE(fraction.made);
    CHECK(fraction.said == texts{must + "a number with a fraction"});
    for (const auto* none : {"0", "-1", "\"0/m\"", "\"-5/s\"", "1000001"}) {
        CAPTURE(none);
        const auto [made, said] = read("token = \"xoxb-1\"\nrate_limit = " + std::string(none));
        CHECK_FALSE(made);
        CHECK(
            said ==
            texts{"error: F:2: rate_limit: must be from 1 to 1000000 calls; without the key, calls go as "
                  "fast as the service takes them"}
        );
    }
}

TEST_CASE("a token that isn't there, or isn't a bot's, is told with the mend") {
    const auto missing = read("");
    CHECK_FALSE(missing.made);
    CHECK(
        missing.said == texts{"error: F: token: is missing; set it to the app's bot token (xoxb-...), or to "
                              "the path of a file with it"}
    );
    CHECK_FALSE(read("token = \"\"").made);
    const auto number = read("token = 5");
    CHECK_FALSE(number.made);
    CHECK(number.said == texts{"error: F:1: token: must be a text in quotes, found a number"});
    const auto app = read("token = \"xapp-1\"");
    CHECK(app.made);
    CHECK(
        app.said ==
        texts{"warning: F:1: token: is an app-level token; Slack wants the bot token here, which begins "
              "with xoxb-"}
    );
    const auto other = read("token = \"hunter2\"");
    CHECK(other.made);
    REQUIRE(other.said.size() == 1);
    CHECK(other.said.front().find("doesn't look like a bot token") != std::string::npos);
    CHECK(other.said.front().find("hunter2") == std::string::npos);
    CHECK(
        read("token = \"/no/such/token\"").said ==
        texts{"error: F:1: token: can't read /no/such/token: No such file "
              "or directory; check the path"}
    );
}

TEST_CASE("a signing secret is optional, and one that isn't usable is told without it") {
    const auto none = read("token = \"xoxb-1\"");
    REQUIRE(none.made);
    CHECK(none.made->signing_secret.empty());
    const auto [made, said] =
        read("token = \"xoxb-1\"\nsigning_secret = \"8f742231b10e8888abcd99yyyzzz85a5\"");
    REQUIRE(made);
    CHECK(said == texts{});
    CHECK(made->signing_secret.reveal() == "8f742231b10e8888abcd99yyyzzz85a5");
    const auto odd = read("token = \"xoxb-1\"\nsigning_secret = \"hunter2\"");
    CHECK(odd.made);
    REQUIRE(odd.said.size() == 1);
    CHECK(odd.said.front().find("doesn't look like a signing secret") != std::string::npos);
    CHECK(odd.said.front().find("hunter2") == std::string::npos);
    const auto gone = read("token = \"xoxb-1\"\nsigning_secret = \"/no/such/file\"");
    CHECK_FALSE(gone.made);
    CHECK(gone.said.size() == 1);
    CHECK_FALSE(read("token = \"xoxb-1\"\nsigning_secret = 5").made);
}

TEST_CASE("upstream's leftover recipients are ignored aloud, and unknown keys too") {
    const auto [made, said] = read("token = \"xoxb-1\"\nrecipients = [\"a\"]\ntokne = \"x\"");
    CHECK(made);
    CHECK(
        said ==
        texts{
            "warning: F:2: recipients: ignored; recipients belong into [role_to_recipients]",
            "warning: F:3: tokne: unknown key, ignored; did you mean \"token\"?",
        }
    );
}

TEST_CASE("what hallpass prints and ships as examples loads without a problem, but for the secret's file") {
    using services::slack::slack_kind;
    CHECK(slack_kind.name == "slack");
    const std::array kinds{&slack_kind};
    const std::string printed = SCRATCH_FILE;
    std::ofstream(printed) << slack_kind.example;
    for (const std::string& path : {printed, std::string(SHIPPED_EXAMPLE)}) {
        CAPTURE(path);
        const auto loaded = config::load(path, kinds);
        REQUIRE(loaded.value);
        CHECK(loaded.usable());
        REQUIRE(loaded.value->services.size() == 1);
        settings own = loaded.value->services.front().own;
        CHECK_FALSE(read_config(own));
        settings all = loaded.value->all;
        all.warn_of_unknown_keys();
        REQUIRE(loaded.found->size() == 1);
        CHECK(
            loaded.found->front().text.find("slack.token: can't read /etc/hallpass/slack-token") !=
            std::string::npos
        );
    }
    std::remove(printed.c_str());
}

namespace {

// Of [slack] and [review] together.
std::pair<std::string, texts> app_token_of(const std::string& file) {
    const auto found = std::make_shared<problems>();
    auto table = config::parse_toml("F", file, *found);
    REQUIRE(table);
    settings all("F", std::move(table), found);
    auto own = all.table("slack");
    auto review = all.table("review");
    const auto token = services::slack::read_app_token(*own, review ? &*review : nullptr);
    all.warn_of_unknown_keys();
    texts said;
    for (const problem& one : *found) {
        said.push_back((one.level == problem_level::error ? "error: " : "warning: ") + one.text);
    }
    return {token ? std::string(token->reveal()) : "none", said};
}

} // namespace

TEST_CASE(
    "an app-level token is taken from [slack], from [slack.review] and, as upstream has it, from [review]"
) {
    CHECK(app_token_of("[slack]\n") == std::pair(std::string(), texts{}));
    CHECK(app_token_of("[slack]\napp_token = \"xapp-1\"\n") == std::pair(std::string("xapp-1"), texts{}));
    CHECK(
        app_token_of("[slack]\n[slack.review]\napp_token = \"xapp-1\"\n") ==
        std::pair(std::string("xapp-1"), texts{})
    );
    CHECK(
        app_token_of("[slack]\n[review]\napp_token = \"xapp-1\"\n") ==
        std::pair(std::string("xapp-1"), texts{})
    );
}

TEST_CASE("of two app-level tokens the nearer one counts, and the other is warned of") {
    CHECK(
        app_token_of("[slack]\napp_token = \"xapp-1\"\n[review]\napp_token = \"xapp-2\"\n") ==
        std::pair(
            std::string("xapp-1"),
            texts{"warning: F:4: review.app_token: ignored, because slack.app_token is there; take it out"}
        )
    );
}

TEST_CASE("an app-level token that looks like another is questioned, and never shown") {
    const auto [token, said] = app_token_of("[slack]\napp_token = \"xoxb-1\"\n");
    CHECK(token == "xoxb-1");
    REQUIRE(said.size() == 1);
    CHECK(said.front().starts_with("warning: F:2: slack.app_token: doesn't look like an app-level token"));
    CHECK(said.front().find("xoxb-1") == std::string::npos);
    CHECK(app_token_of("[slack]\napp_token = \"/no/such/file\"\n").first == "none");
}
