#include "services/slack/account.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

#include <initializer_list>

using namespace hallpass;
using namespace hallpass::services::slack;
namespace json = boost::json;

namespace {

const actor bob{"U0000BOB1", "T0000OWN1", "T0000OWN1"};

json::object member() {
    return json::parse(R"({"id":"U0000BOB1","team_id":"T0000OWN1","deleted":false,"is_bot":false,
        "is_restricted":false,"is_ultra_restricted":false,"is_email_confirmed":true,
        "profile":{"email":"bob@example.com"}})")
        .as_object();
}

access::account_facts facts_with(std::string_view name, const json::value& value) {
    auto user = member();
    user[name] = value;
    const auto facts = read_facts(user, bob, "T0000OWN1");
    REQUIRE(facts);
    return *facts;
}

} // namespace

TEST_CASE("a full member of the workspace has every power that Slack can tell of") {
    const auto facts = read_facts(member(), bob, "T0000OWN1");
    REQUIRE(facts);
    CHECK(facts->email == "bob@example.com");
    CHECK(facts->email_verified);
    CHECK(facts->active);
    CHECK_FALSE(facts->guest);
    CHECK_FALSE(facts->bot);
    CHECK_FALSE(facts->foreign);
}

TEST_CASE("each mark of Slack's takes its power away") {
    CHECK_FALSE(facts_with("deleted", true).active);
    CHECK_FALSE(facts_with("is_invited_user", true).active);
    CHECK(facts_with("is_bot", true).bot);
    CHECK(facts_with("is_restricted", true).guest);
    CHECK(facts_with("is_ultra_restricted", true).guest);
    CHECK(facts_with("is_stranger", true).foreign);
    CHECK(facts_with("team_id", "T0000XXX1").foreign);
    CHECK_FALSE(facts_with("is_email_confirmed", false).email_verified);
}

TEST_CASE("what isn't said, or is said oddly, gives no power") {
    for (const json::value& odd : {json::value(nullptr), json::value("false"), json::value(0)}) {
        CHECK_FALSE(facts_with("deleted", odd).active);
        CHECK(facts_with("is_bot", odd).bot);
        CHECK(facts_with("is_restricted", odd).guest);
        CHECK(facts_with("is_stranger", odd).foreign);
        CHECK_FALSE(facts_with("is_invited_user", odd).active);
    }
    const auto facts = read_facts(json::object{{"id", "U0000BOB1"}}, bob, "T0000OWN1");
    REQUIRE(facts);
    CHECK_FALSE(facts->active);
    CHECK(facts->guest);
    CHECK(facts->bot);
    CHECK(facts->foreign);
    CHECK_FALSE(facts->email_verified);
}

TEST_CASE("who clicked in another workspace is foreign, whatever users.info says") {
    const auto facts = read_facts(member(), actor{"U0000BOB1", "T0000XXX1", "T0000OWN1"}, "T0000OWN1");
    REQUIRE(facts);
    CHECK(facts->foreign);
    CHECK_FALSE(read_facts(member(), bob, ""));
    CHECK_FALSE(read_facts(member(), actor{"U0000EVE1", "", "T0000OWN1"}, "T0000OWN1"));
}
