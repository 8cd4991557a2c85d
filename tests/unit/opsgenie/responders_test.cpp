#include "../services/samples.hpp"
#include "services/opsgenie/responders.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::services::opsgenie;

namespace {

using texts = std::vector<std::string>;

opsgenie_config with_defaults() {
    opsgenie_config made;
    made.default_schedules = {"Default"};
    made.default_teams = {"Team"};
    return made;
}

access::access_request annotated(const texts& schedules, const texts& teams = {}) {
    access::access_request made = test::sample_request();
    made.suggested_reviewers = {"bob@example.com"};
    if (!schedules.empty()) {
        made.system_annotations["teleport.dev/notify-services"] = schedules;
    }
    if (!teams.empty()) {
        made.system_annotations["teleport.dev/teams"] = teams;
    }
    return made;
}

std::string
who(const access::access_request& request,
    const opsgenie_config& config,
    const std::optional<access::routing_table>& routing = std::nullopt) {
    return to_text(responders_for(request, config, routing));
}

} // namespace

TEST_CASE("annotations name schedules and teams, and what they don't name is by default") {
    CHECK(who(annotated({}), opsgenie_config()).empty());
    CHECK(who(annotated({"A", " A ", ""}, {"T"}), opsgenie_config()) == "schedule:A,team:T");
    CHECK(who(annotated({}), with_defaults()) == "schedule:Default,team:Team");
    CHECK(who(annotated({"A"}), with_defaults()) == "schedule:A,team:Team");
    CHECK(who(annotated({}, {"T"}), with_defaults()) == "schedule:Default,team:T");
}

TEST_CASE("the operator's table names schedules, and teams by their type; reviewers are nobody here") {
    const access::routing_table table{{{"*", {"Nightly"}}, {"prod-admin", {"team:DBA"}}}};
    CHECK(who(annotated({}), with_defaults(), table) == "team:DBA,schedule:Nightly");
    CHECK(who(annotated({"A"}), opsgenie_config(), table) == "schedule:A");
}

TEST_CASE("a text says the same as what it was made of, with whatever names") {
    const std::vector<responder> all{
        {"schedule", "Checkout, EU"}, {"team", "100%"}, {"schedule", "a:b"}, {"team", "%2C"}};
    CHECK(read_responders(to_text(all)) == all);
    CHECK(to_text(all) == "schedule:Checkout%2C EU,team:100%25,schedule:a:b,team:%252C");
    CHECK(to_text(read_responders("Database")) == "schedule:Database");
    CHECK(read_responders(" , team:, ").empty());
}

TEST_CASE("an alert names ids as ids, and at most as many as it takes") {
    const std::string id = "22222222-0000-4000-8000-000000000001";
    CHECK(
        boost::json::serialize(to_json({{"schedule", id}, {"team", "DBA"}})) ==
        R"([{"type":"schedule","id":")" + id + R"("},{"type":"team","name":"DBA"}])"
    );
    CHECK_FALSE(is_id("22222222-0000-4000-8000-00000000000g"));
    CHECK_FALSE(is_id("22222222x0000-4000-8000-000000000001"));
    texts many;
    for (int i = 0; i < 80; ++i) {
        many.push_back("s" + std::to_string(i));
    }
    CHECK(responders_for(annotated(many), opsgenie_config(), std::nullopt).size() == 50);
}
