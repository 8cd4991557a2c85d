#include "bench.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::test;

namespace {

using texts = std::vector<std::string>;

access::access_request annotated(texts schedules = {"Database"}) {
    access::access_request made = sample_request();
    made.system_annotations["teleport.dev/schedules"] = std::move(schedules);
    return made;
}

auto ask(bench& all, const access::access_request& request) {
    return all.run([&] { return all.opsgenie.on_call(request); });
}

std::string called(const std::string& who) {
    return R"({"data":{"onCallRecipients":[)" + who + "]}}";
}

} // namespace

TEST_CASE("who a schedule calls is on call, in whatever case of letters") {
    bench all;
    all.answers(called(R"("bob@example.com","Alice@Example.com")"));
    const auto got = ask(all, annotated());
    REQUIRE(got.has_value());
    CHECK(*got == "alice@example.com is on call in Opsgenie by schedule Database");
    CHECK(
        all.asked(0) ==
        "GET reading.example/schedules/Database/on-calls?scheduleIdentifierType=name&flat=true"
    );
    const std::vector<ports::pace_key> counted_under{{"opsgenie schedule-oncall"}};
    CHECK(all.http.asked[0].pace_keys == counted_under);
}

TEST_CASE("a schedule by its id is asked for by its id") {
    bench all;
    all.answers(called(""));
    CHECK_FALSE(*ask(all, annotated({"22222222-0000-4000-8000-000000000001"})));
    CHECK(all.asked(0).find("scheduleIdentifierType=id") != std::string::npos);
}

TEST_CASE("a schedule that isn't there is told of, and the others count") {
    bench all;
    all.answers(R"({"message":"Schedule not found"})", 404);
    all.answers(called(R"("alice@example.com")"));
    CHECK(*ask(all, annotated({"A", "B"})) == "alice@example.com is on call in Opsgenie by schedule B");
    CHECK(all.log.text.find("on_call_schedule_not_found service=opsgenie name=A") != std::string::npos);
}

TEST_CASE("a fault is no answer, and neither is an answer that doesn't say who") {
    for (const auto& [body, status] :
         {std::pair(std::string("{}"), 500), std::pair(std::string("{}"), 429),
          std::pair(std::string("{}"), 403), std::pair(std::string("{}"), 200),
          std::pair(std::string("<html>"), 200)}) {
        CAPTURE(status);
        bench all;
        all.answers(body, status);
        CHECK(ask(all, annotated()).has_error());
    }
}

TEST_CASE("a request that names nothing, and one that the rules don't let through, ask nobody") {
    bench plain;
    CHECK_FALSE(*ask(plain, sample_request()));
    auto config = opsgenie_config_of();
    config.on_call.rules.roles = {"dev"};
    bench ruled(config);
    CHECK_FALSE(*ask(ruled, annotated()));
    CHECK(plain.http.asked.empty());
    CHECK(ruled.http.asked.empty());
}

TEST_CASE("the operator's table says who somebody is in Opsgenie, and an e-mail doesn't say otherwise") {
    bench all;
    all.people = {{"u-1", "alice@example.com"}};
    all.answers(called(R"("alice@example.com")"));
    all.answers(R"({"data":{"id":"u-1","username":"Other@Example.com"}})");
    CHECK_FALSE(*ask(all, annotated()));
    all.answers(called(R"("other@example.com")"));
    all.answers(R"({"data":{"id":"u-1","username":"Other@Example.com"}})");
    CHECK(*ask(all, annotated()));
    CHECK(all.asked(1) == "GET reading.example/users/u-1");
}

TEST_CASE("the successor calls accounts, which the table or the site's e-mails turn into people") {
    const std::string schedules = R"({"values":[{"id":"s-1","name":"database"}]})";
    const std::string participants =
        R"({"onCallParticipants":[{"id":"acc-1","type":"user"},{"id":"t","type":"team"}]})";
    bench by_table(opsgenie_config_of(true));
    by_table.people = {{"acc-1", "alice@example.com"}};
    by_table.answers(schedules);
    by_table.answers(participants);
    CHECK(
        *ask(by_table, annotated()) ==
        "alice@example.com is on call in Jira Service Management by schedule Database"
    );
    CHECK(by_table.asked(1) == "GET reading.example/schedules/s-1/on-calls");

    bench by_email(opsgenie_config_of(true));
    by_email.answers(schedules);
    by_email.answers(participants);
    by_email.answers(R"({"accountId":"acc-1","emailAddress":"Alice@example.com"})");
    CHECK(*ask(by_email, annotated()));
    CHECK(by_email.asked(2) == "GET site.example/rest/api/3/user?accountId=acc-1");

    bench somebody_else(opsgenie_config_of(true));
    somebody_else.people = {{"acc-1", "mallory"}};
    somebody_else.answers(schedules);
    somebody_else.answers(participants);
    CHECK_FALSE(*ask(somebody_else, annotated()));
    CHECK(somebody_else.http.asked.size() == 2);

    bench hidden(opsgenie_config_of(true));
    hidden.answers(schedules);
    hidden.answers(participants);
    hidden.answers(R"({"accountId":"acc-1"})");
    CHECK_FALSE(*ask(hidden, annotated()));
}
