#include "../services/read_section.hpp"
#include "config/load.hpp"
#include "services/mattermost/config.hpp"
#include "services/mattermost/mattermost_kind.hpp"

#include <doctest/doctest.h>

#include <array>
#include <fstream>

using namespace hallpass;
using hallpass::services::mattermost::read_config;

namespace {

using texts = std::vector<std::string>;

auto read(const std::string& section) {
    return test::read_section(section, &read_config);
}

const std::string enough = "url = \"https://mm.example\"\ntoken = \"t\"\n";

} // namespace

TEST_CASE("the server and a token are all that Mattermost needs") {
    const auto [made, said] = read(enough);
    REQUIRE(made);
    CHECK(said == texts{});
    CHECK(made->url == "https://mm.example/");
    CHECK(made->token.reveal() == "t");
    CHECK(made->action_secret.empty());
    CHECK_FALSE(made->recipients.has_value());
}

TEST_CASE("upstream's recipients count for every role") {
    const auto [made, said] = read(enough + "recipients = [\"team/town-square\", \"alice@example.com\"]\n");
    REQUIRE(made);
    CHECK(said == texts{});
    CHECK(made->recipients == std::optional<texts>({"team/town-square", "alice@example.com"}));
    CHECK_FALSE(read(enough + "recipients = 3\n").made);
}

TEST_CASE("what is missing is told with the mend") {
    const auto [made, said] = read("");
    CHECK_FALSE(made);
    CHECK(
        said ==
        texts{
            "error: F: url: is missing; set it to the server's URL, such as https://mattermost.example.com",
            "error: F: token: is missing; set it to the bot account's access token, or to the path of a file "
            "with it"}
    );
}

TEST_CASE("a URL that can't be one is refused, and plain http to elsewhere warned of") {
    CHECK(
        read("url = \"mm.example\"\ntoken = \"t\"").said ==
        texts{"error: F:1: url: must be a URL that begins with https:// (or http://), found \"mm.example\""}
    );
    CHECK(
        read("url = \"https://u@mm.example\"\ntoken = \"t\"").said ==
        texts{"error: F:1: url: must be a URL without user, query and fragment"}
    );
    const auto plain = read("url = \"http://mm.example/chat/\"\ntoken = \"t\"");
    CHECK(plain.made->url == "http://mm.example/chat/");
    CHECK(
        plain.said ==
        texts{"warning: F:1: url: is plain http: the token can be read on the way to mm.example"}
    );
    CHECK(read("url = \"http://127.0.0.1:8065\"\ntoken = \"t\"").said == texts{});
}

TEST_CASE("a secret that can be guessed is refused, without a word of it") {
    const auto [made, said] = read(enough + "action_secret = \"guess-me\"\n");
    CHECK_FALSE(made);
    CHECK(
        said == texts{"error: F:3: action_secret: must have 16 characters at least, which nobody can guess; "
                      "\"openssl rand -hex 32\" makes one"}
    );
    CHECK(read(enough + "action_secret = \"0123456789abcdef\"\n").made);
}

TEST_CASE("the table of people has Mattermost's ids on its left") {
    CHECK(read(enough + "[users]\nalicealicealicealiceali001 = \"alice@example.com\"\n").made);
    const auto [made, said] = read(enough + "[users]\nalice = \"alice@example.com\"\n");
    CHECK_FALSE(made);
    CHECK(
        said == texts{"error: F:4: users.alice: must be the id of a Mattermost user, 26 small letters and "
                      "digits, as the System Console shows it under \"Users\"; the person's Teleport user "
                      "stands behind it"}
    );
}

TEST_CASE("the example that is printed is read without a word but for what it names that isn't here") {
    const std::array<const ports::service_kind*, 1> kinds{&services::mattermost::mattermost_kind};
    const std::string path = SCRATCH_FILE;
    std::ofstream(path) << services::mattermost::mattermost_kind.example;
    const auto loaded = config::load(path, kinds);
    REQUIRE(loaded.value);
    for (const problem& one : *loaded.found) {
        CAPTURE(one.text);
        CHECK(one.level == problem_level::warning);
    }
    CHECK(loaded.value->services.size() == 1);
}
