#include "bench.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::test;

namespace {

using texts = std::vector<std::string>;

const std::string alice_page =
    R"({"users":[{"id":"PALICE1","email":"Alice@Example.com"},{"id":"PX","email":"malice@example.com"}],"more":false})";
const std::string database =
    R"({"services":[{"id":"PSVC001","name":"Database","escalation_policy":{"id":"PPOL001"}}],"more":false})";

std::string shift(
    const std::string& user,
    const std::string& policy,
    int level,
    const std::string& more = R"("start":null,"end":null)"
) {
    return R"({"user":{"id":")" + user + R"("},"escalation_policy":{"id":")" + policy +
           R"("},"schedule":{"id":"PSCH001"},"escalation_level":)" + std::to_string(level) + ',' + more + '}';
}

std::string page(const std::string& shifts, bool more = false) {
    return "{\"oncalls\":[" + shifts + "],\"more\":" + (more ? "true}" : "false}");
}

access::access_request annotated(texts services = {"Database"}) {
    access::access_request made = sample_request();
    made.system_annotations["pagerduty_services"] = std::move(services);
    return made;
}

auto ask(bench& all, const access::access_request& request) {
    return all.run([&] { return all.pagerduty.on_call(request); });
}

// What is said for an annotated request with these pages of shifts.
std::optional<std::string> said_for(const texts& pages) {
    bench all;
    all.answers(alice_page);
    all.answers(database);
    for (const std::string& one : pages) {
        all.answers(one);
    }
    const auto got = ask(all, annotated());
    REQUIRE(got.has_value());
    CHECK(all.http.script.empty());
    return *got;
}

} // namespace

TEST_CASE("who is first to be called for what the request names is on call, and it is said for what") {
    bench all;
    all.answers(alice_page);
    all.answers(database);
    all.answers(page(shift("PALICE1", "PPOL001", 1)));
    const auto got = ask(all, annotated());
    REQUIRE(got.has_value());
    CHECK(*got == "alice@example.com is on call in PagerDuty for service Database (level 1)");
    CHECK(
        all.asked(2) ==
        "GET oncalls?user_ids%5B%5D=PALICE1&escalation_policy_ids%5B%5D=PPOL001&limit=100&offset=0"
    );
    const std::vector<ports::pace_key> counted_under{
        {"pagerduty", std::chrono::microseconds(62'500)}, {"pagerduty oncalls"}};
    CHECK(all.http.asked[2].pace_keys == counted_under);
}

TEST_CASE("pages of shifts are followed to the last") {
    CHECK(said_for({page(shift("PALICE1", "PPOL999", 1), true), page(shift("PALICE1", "PPOL001", 1))}));
}

TEST_CASE("others, other policies, later levels and other times are not on call") {
    CHECK_FALSE(said_for({page("")}));
    CHECK_FALSE(said_for({page(shift("PX", "PPOL001", 1))}));
    CHECK_FALSE(said_for({page(shift("PALICE1", "PPOL999", 1))}));
    CHECK_FALSE(said_for({page(shift("PALICE1", "PPOL001", 2))}));
    CHECK_FALSE(said_for({page(shift("PALICE1", "PPOL001", 0))}));
    CHECK_FALSE(said_for({page(shift("PALICE1", "PPOL001", 1, R"("end":"1960-01-01T00:00:00Z")"))}));
    CHECK_FALSE(said_for({page(shift("PALICE1", "PPOL001", 1, R"("start":"2026-01-01T00:00:00Z")"))}));
    CHECK_FALSE(said_for({page(shift("PALICE1", "PPOL001", 1, R"("start":"soon")"))}));
}

TEST_CASE("a fault at any call is no answer") {
    const texts answers{alice_page, database, page(shift("PALICE1", "PPOL001", 1), true)};
    for (std::size_t good = 0; good <= answers.size(); ++good) {
        CAPTURE(good);
        bench all;
        for (std::size_t i = 0; i < good; ++i) {
            all.answers(answers[i]);
        }
        all.answers(R"({"error":{"message":"Rate Limit Exceeded","code":2020}})", 429);
        CHECK(ask(all, annotated()).has_error());
    }
}

TEST_CASE("a request that names nothing, and one that the rules don't let through, ask nobody") {
    bench plain;
    CHECK_FALSE(*ask(plain, sample_request()));
    CHECK(plain.http.asked.empty());
    auto config = pagerduty_config_of();
    config.on_call.rules.roles = {"dev"};
    bench ruled(config);
    CHECK_FALSE(*ask(ruled, annotated()));
    CHECK(ruled.http.asked.empty());
    config.on_call.enabled = false;
    bench off(config);
    CHECK_FALSE(off.pagerduty.approves_on_call());
    CHECK_FALSE(*ask(off, annotated()));
}

TEST_CASE("the operator's rule names schedules and policies, and a schedule counts at every level") {
    auto config = pagerduty_config_of();
    config.on_call.rules.roles = {"*"};
    config.on_call.schedules = {"Nightly"};
    config.on_call.policies = {"PPOL002"};
    bench all(config);
    all.answers(alice_page);
    all.answers(R"({"escalation_policy":{"id":"PPOL002","name":"Backup"}})");
    all.answers(R"({"schedules":[{"id":"PSCH001","name":"nightly"}],"more":false})");
    all.answers(page(""));
    all.answers(page(shift("PALICE1", "PPOL777", 3)));
    const auto got = ask(all, sample_request());
    REQUIRE(got.has_value());
    CHECK(*got == "alice@example.com is on call in PagerDuty for schedule nightly");
    CHECK(all.asked(4) == "GET oncalls?user_ids%5B%5D=PALICE1&schedule_ids%5B%5D=PSCH001&limit=100&offset=0");
}

TEST_CASE("the operator's table says who somebody is, and an e-mail doesn't say otherwise") {
    bench listed;
    listed.people = {{"PTABLE1", "alice@example.com"}};
    listed.answers(database);
    listed.answers(page(shift("PTABLE1", "PPOL001", 1)));
    CHECK(*ask(listed, annotated()));
    bench taken;
    taken.people = {{"PALICE1", "mallory"}};
    taken.answers(alice_page);
    CHECK_FALSE(*ask(taken, annotated()));
    CHECK(taken.log.text.find("on_call_user_not_known") != std::string::npos);
    access::access_request nameless = annotated();
    nameless.user = "alice";
    bench none;
    CHECK_FALSE(*ask(none, nameless));
    CHECK(none.http.asked.empty());
}

TEST_CASE("a service that isn't there is told of, and the others count") {
    bench all;
    all.answers(alice_page);
    all.answers(database);
    all.answers(R"({"services":[],"more":false})");
    all.answers(page(shift("PALICE1", "PPOL001", 1)));
    CHECK(*ask(all, annotated({"Database", "Gone"})));
    CHECK(all.log.text.find("on_call_service_not_found service=pagerduty name=Gone") != std::string::npos);
}
