#include "config/people.hpp"
#include "written_file.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using hallpass::test::load_text;

namespace {

using texts = std::vector<std::string>;

// The section of Slack with these lines, and what is said of it.
test::outcome load_slack(const std::string& lines) {
    return load_text(
        "[teleport]\nidentity = \"/id\"\n[role_to_recipients]\n\"*\" = \"c\"\n[slack]\n" + lines
    );
}

} // namespace

TEST_CASE("people stand in the configuration, in a file, or in both") {
    const test::scratch_folder folder;
    const std::string file = folder.write("people.toml", "U2 = \"bob\"\nU3 = \"carol\"\n");
    const auto made =
        load_slack("users_file = \"" + file + "\"\n[slack.users]\nU1 = \"alice\"\nU2 = \"bob\"\n");
    CHECK(made.said == texts{});
    REQUIRE(made.read.usable());
    const config::service_section& slack = made.read.value->services.at(0);
    CHECK(
        slack.review.identities.users.at("slack") ==
        access::people{{"U1", "alice"}, {"U2", "bob"}, {"U3", "carol"}}
    );
    CHECK(slack.people.file == file);
    folder.write("people.toml", "U4 = \"dave\"\n");
    const auto now = config::everybody(slack.people);
    REQUIRE(now.has_value());
    CHECK(*now == access::people{{"U1", "alice"}, {"U2", "bob"}, {"U4", "dave"}});
}

TEST_CASE("a file of people that can't be used is an error, and says what is wrong with it") {
    const test::scratch_folder folder;
    const auto error_of = [&](std::string_view content, const std::string& more = {}) {
        const std::string file = folder.write("people.toml", content);
        auto made = load_slack("users_file = \"" + file + "\"\n" + more);
        CHECK_FALSE(made.read.usable());
        REQUIRE(made.said.size() == 1);
        std::string text = made.said[0];
        for (auto at = text.find(file); at != std::string::npos; at = text.find(file)) {
            text.replace(at, file.size(), "PEOPLE");
        }
        return text;
    };
    CHECK(
        error_of("U1 = 7\n") ==
        "error: FILE:6: slack.users_file: PEOPLE:1: U1: must be a text in quotes, found a number"
    );
    CHECK(
        error_of("\"alice@example.com\" = \"U1\"\n") ==
        "error: FILE:6: slack.users_file: PEOPLE:1: \"alice@example.com\": must be the id of an account, "
        "with "
        "its "
        "Teleport user behind it"
    );
    CHECK(
        error_of("U1 = \"bob\"\n", "[slack.users]\nU1 = \"alice\"\n") ==
        "error: FILE:6: slack.users_file: PEOPLE: U1: is somebody else in the configuration; take one of "
        "them "
        "out"
    );
    CHECK(error_of("U1 = \n").starts_with("error: FILE:6: slack.users_file: PEOPLE:1: "));
    CHECK(
        load_slack("users_file = \"/no/such/people\"\n").said ==
        texts{"error: FILE:6: slack.users_file: can't read /no/such/people: No such file or directory; check "
              "the path"}
    );
    CHECK(
        load_slack("users_file = \"people.toml\"\n").said ==
        texts{"error: FILE:6: slack.users_file: must be an absolute path"}
    );
}
