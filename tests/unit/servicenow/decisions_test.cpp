#include "bench.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>

using namespace hallpass;
using namespace hallpass::test;
using access::decision_result;
using access::verdict;
using services::servicenow::read_webhook;

namespace {

const std::string hook = R"({"approval":"000000000000000000000000000000bb"})";

std::string row(const std::string& state = "approved", const std::string& by = "bob@example.com") {
    return R"({"sys_id":"000000000000000000000000000000bb","state":")" + state +
           R"(","approver":"000000000000000000000000000000cc","sysapproval":"000000000000000000000000000000aa",
           "sys_updated_by":")" +
           by + R"(","sys_updated_on":"2026-03-01 09:30:00"})";
}

std::string bob(const std::string& active = "true", const std::string& machine = "false") {
    return R"({"sys_id":"000000000000000000000000000000cc","user_name":"bob@example.com","email":"bob@example.com",
        "active":")" +
           active + R"(","locked_out":"false","web_service_access_only":")" + machine +
           R"(","internal_integration_user":"false"})";
}

std::string incident(const std::string& display = "hallpass") {
    return R"({"sys_id":"000000000000000000000000000000aa","number":"INC1","correlation_id":")" +
           sample_request().id + R"(","correlation_display":")" + display + "\"}";
}

struct decision_bench : bench {
    decision_bench() : routes(now.take_decisions(desk)) { desk.outcome.what = decision_result::accepted; }

    ports::callback_response post(const std::string& body, const std::string& key = webhook_secret) {
        ports::callback_request request;
        request.body = body;
        request.headers.emplace_back("X-Hallpass-Secret", key);
        return send(std::move(request));
    }

    ports::callback_response send(ports::callback_request request) {
        const result<ports::callback_response> answered =
            run([&]() -> boost::asio::awaitable<result<ports::callback_response>> {
                ports::callback_response made = co_await routes.at(0).answer(std::move(request));
                co_return made;
            });
        context.restart();
        context.poll();
        return *answered;
    }

    std::vector<ports::callback_route> routes;
};

} // namespace

TEST_CASE("there is one path with a secret, and rows are looked at from time to time as well") {
    decision_bench all;
    REQUIRE(all.routes.size() == 1);
    CHECK(all.routes.at(0).path == "/servicenow");
    CHECK(all.desk.listening == std::vector<std::string>{"servicenow approvals"});
}

TEST_CASE("what lacks the secret is refused alike, and nothing is asked") {
    decision_bench all;
    ports::callback_request bare;
    bare.body = hook;
    ports::callback_request doubled = bare;
    std::string shouted(webhook_secret);
    std::transform(shouted.begin(), shouted.end(), shouted.begin(), [](unsigned char c) {
        return static_cast<char>(std::toupper(c));
    });
    REQUIRE(shouted != webhook_secret);
    doubled.headers = {{"X-Hallpass-Secret", webhook_secret}, {"x-hallpass-secret", webhook_secret}};
    for (const auto& refused :
         {all.post(hook, "a guess"), all.post(hook, ""), all.send(bare), all.send(doubled),
          all.post(hook, std::string(webhook_secret).substr(1)),
          all.post(hook, std::string(webhook_secret) + webhook_secret), all.post(hook, shouted),
          all.post(std::string(20'000, ' '))}) {
        CHECK(refused.status == 401);
        CHECK(refused.body == ports::refused_callback().body);
    }
    CHECK(all.post("{}").status == 400);
    CHECK(all.http.asked.empty());
    CHECK(all.log.text.find(webhook_secret) == std::string::npos);
}

TEST_CASE("of a webhook only the row's id is taken") {
    CHECK(read_webhook(hook) == row_id);
    for (const std::string bad :
         {"", "{", "[]", R"({"approval":1})", R"({"approval":"../sys_user"})",
          R"({"approval":"000000000000000000000000000000BB"})"}) {
        CHECK_FALSE(read_webhook(bad));
    }
}

TEST_CASE("an approver's row is believed as the API tells it, bound to Teleport's record, and decided once") {
    for (const auto& [state, what] :
         {std::pair("approved", verdict::approve), std::pair("rejected", verdict::deny)}) {
        decision_bench all;
        all.script(row(state));
        all.script(bob());
        all.script(incident());
        CHECK(all.post(hook).status == 202);
        REQUIRE(all.desk.decisions.size() == 1);
        const access::decision& decided = all.desk.decisions.front();
        CHECK(decided.request_id == sample_request().id);
        CHECK(decided.what == what);
        CHECK(decided.person.service == "servicenow");
        CHECK(decided.person.id == bob_id);
        REQUIRE(decided.person.facts);
        CHECK(decided.person.facts->active);
        CHECK_FALSE(decided.person.facts->bot);
        CHECK_FALSE(decided.person.facts->email_verified);
        all.script(row(state));
        CHECK(all.post(hook).status == 202);
        CHECK(all.desk.decisions.size() == 1);
        CHECK(all.desk.running == 0);
    }
}

TEST_CASE("a row in any other state, of another task, or for a request elsewhere decides nothing") {
    for (const std::string state : {"requested", "cancelled", "not_required", "Approved", "duplicate", ""}) {
        decision_bench all;
        all.script(row(state));
        all.post(hook);
        CHECK(all.desk.decisions.empty());
        CHECK(all.http.asked.size() == 1);
    }
    decision_bench other;
    other.script(row());
    other.script(bob());
    other.script(incident("somebody else's"));
    other.post(hook);
    CHECK(other.desk.decisions.empty());
    decision_bench elsewhere;
    elsewhere.desk.announced = false;
    elsewhere.script(row());
    elsewhere.script(bob());
    elsewhere.script(incident());
    elsewhere.post(hook);
    CHECK(elsewhere.desk.decisions.empty());
    CHECK(elsewhere.log.text.find("servicenow_incident_not_announced") != std::string::npos);
}

TEST_CASE("a row that somebody else set, and a person who is refused, are told in a note, once") {
    for (const bool by_other : {true, false}) {
        decision_bench all;
        all.desk.outcome.what = decision_result::no_permission;
        all.script(row("approved", by_other ? "admin" : "bob@example.com"));
        all.script(bob());
        all.script(incident());
        all.script(
            R"([{"element_id":"000000000000000000000000000000aa","sys_created_by":"hallpass","value":"x"}])"
        );
        all.script("{}");
        all.post(hook);
        CHECK(all.desk.decisions.size() == (by_other ? 0U : 1U));
        REQUIRE(all.http.asked.size() == 5);
        const std::string note(all.body_of(4).at("work_notes").as_string());
        CHECK(note.find("not counted") != std::string::npos);
        CHECK(note.find("approval-000000000000000000000000000000bb-approved") != std::string::npos);
    }
}

TEST_CASE("an account that is a machine's or switched off is told as such") {
    decision_bench all;
    all.script(row());
    all.script(bob("false", "true"));
    all.script(incident());
    all.post(hook);
    REQUIRE(all.desk.decisions.size() == 1);
    CHECK_FALSE(all.desk.decisions.front().person.facts->active);
    CHECK(all.desk.decisions.front().person.facts->bot);
}
