#include "sandbox/people_view.hpp"
#include "sandbox/slack_people.hpp"

#include <boost/json/object.hpp>
#include <doctest/doctest.h>

#include <algorithm>

using namespace hallpass::sandbox;

namespace {

slack_user account(const std::string& id) {
    const std::vector<slack_user> all = slack_people({});
    const auto found = std::ranges::find(all, id, &slack_user::id);
    REQUIRE(found != all.end());
    return *found;
}

} // namespace

TEST_CASE("what a person is to hallpass: an account that proves nobody counts before its Teleport user") {
    const directory known = make_directory();
    CHECK(standing_of(account("U0ALICE001"), known) == "requester");
    CHECK(standing_of(account("U0BOB00001"), known) == "reviewer");
    CHECK(standing_of(account("U0DAVE0001"), known) == "nobody in Teleport");
    CHECK(standing_of(account("U0GINA0001"), known) == "guest");
    CHECK(standing_of(account("U0ERIN0001"), known) == "of another workspace");
    CHECK(standing_of(account("U0ROBOT001"), known) == "bot");
    slack_user gone = account("U0BOB00001");
    gone.deleted = true;
    CHECK(standing_of(gone, known) == "switched off");
}

TEST_CASE("an account whose id two Teleport users hold is nobody") {
    directory known = make_directory();
    cluster_user second{"mallory", {}, {{"slack_user_id", {"U0BOB00001"}}}, true};
    known.users.push_back(second);
    CHECK(find_mapped_user(account("U0BOB00001"), known) == nullptr);
    CHECK(standing_of(account("U0BOB00001"), known) == "nobody in Teleport");
}

TEST_CASE("the people to be on the page are those who can click, with the Teleport user they are") {
    const boost::json::array people = view_people(slack_people({}), make_directory());
    std::vector<std::string> ids;
    for (const boost::json::value& one : people) {
        ids.emplace_back(one.at("id").as_string());
    }
    CHECK(
        ids ==
        std::vector<std::string>{
            "U0ALICE001", "U0BOB00001", "U0CAROL001", "U0DAVE0001", "U0GINA0001", "U0ERIN0001"}
    );
    CHECK(people.at(1).at("name") == "Bob Reviewer");
    CHECK(people.at(1).at("teleport_user") == "bob@example.com");
    CHECK(people.at(3).at("teleport_user") == "");
}
