#include "bench.hpp"
#include "services/jira/signature.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::test;
using access::decision_result;
using access::request_state;
using access::verdict;
namespace json = boost::json;

namespace {

using texts = std::vector<std::string>;

constexpr const char* me = R"({"accountId":"me","displayName":"hallpass"})";
constexpr const char* no_comments = R"({"total":0,"comments":[]})";
constexpr const char* bob =
    R"({"accountId":"bob","accountType":"atlassian","active":true,"emailAddress":"bob@example.com"})";

std::string moved_issue(const std::string& author = "bob", const std::string& more = "") {
    return R"({"id":"10001","key":"ACCESS-1","fields":{"status":{"id":"2","name":"Approved"},
        "creator":{"accountId":"me"}},"properties":{"teleportAccessRequestId":")" +
           sample_request().id + R"("},"transitions":[{"id":"11","to":{"id":"1","name":"Pending"}}],)" +
           more + R"("changelog":{"histories":[{"id":"77","author":{"accountId":")" + author +
           R"("},"created":"2026-03-01T09:30:00.000+0000","items":[{"field":"status","fieldtype":"jira",
           "from":"1","to":"2"}]}]}})";
}

struct decision_bench : bench {
    decision_bench() : routes(jira.take_decisions(desk)) {
        desk.outcome.what = decision_result::accepted;
        desk.outcome.state = request_state::approved;
    }

    std::string body(const std::string& event = "jira:issue_updated", std::chrono::hours age = {}) const {
        const auto at = (time.time - age).time_since_epoch().count();
        return R"({"timestamp":)" + std::to_string(at) + R"(,"webhookEvent":")" + event +
               R"(","issue":{"id":"10001"},"changelog":{"items":[{"field":"status"}]}})";
    }

    ports::callback_response post(const std::string& text, const std::string& key = webhook_secret) {
        ports::callback_request request;
        request.body = text;
        request.headers.emplace_back("X-Hub-Signature", services::jira::sign_webhook(secret(key), text));
        return send(std::move(request));
    }

    ports::callback_response send(ports::callback_request request) {
        const result<ports::callback_response> answered =
            run([&]() -> boost::asio::awaitable<result<ports::callback_response>> {
                ports::callback_response made = co_await routes.at(0).answer(std::move(request));
                co_return made;
            });
        return *answered;
    }

    std::vector<ports::callback_route> routes;
};

} // namespace

TEST_CASE("there are two paths with a secret, and none without") {
    decision_bench all;
    REQUIRE(all.routes.size() == 2);
    CHECK(all.routes.at(0).path == "/jira");
    CHECK(all.routes.at(1).path == "/");
    bench closed;
    auto settings = jira_settings();
    settings.webhook_secret = secret();
    services::jira::jira_service silent(
        settings, ports::service_environment{closed.http, closed.time, closed.log}
    );
    CHECK(silent.take_decisions(closed.desk).empty());
    CHECK(closed.desk.listening.empty());
    // Without a listener the moves are looked for.
    settings.poll_interval = std::chrono::seconds(15);
    services::jira::jira_service polling(
        settings, ports::service_environment{closed.http, closed.time, closed.log}
    );
    CHECK(polling.take_decisions(closed.desk).empty());
    CHECK(closed.desk.listening == texts{"jira moves"});
}

TEST_CASE("what Jira didn't sign, or long ago, is refused alike, and nothing is asked") {
    decision_bench all;
    ports::callback_request bare;
    bare.body = all.body();
    for (const auto& refused :
         {all.post(all.body(), "another"), all.send(bare),
          all.post(all.body("jira:issue_updated", std::chrono::hours(25))),
          all.post(std::string(300'000, ' '))}) {
        CHECK(refused.status == 401);
        CHECK(refused.body == ports::refused_callback().body);
    }
    CHECK(all.http.asked.empty());
    CHECK(all.log.text.find(webhook_secret) == std::string::npos);
}

TEST_CASE("what is authentic but not for us is answered well, and nothing is asked") {
    decision_bench all;
    CHECK(all.post(all.body("jira:issue_created")).status == 200);
    CHECK(all.post("{}").status == 200);
    CHECK(all.http.asked.empty());
}

TEST_CASE("a move is believed as Jira's API tells it, bound to Teleport's record, and decided once") {
    decision_bench all;
    all.script(me);
    all.script(moved_issue());
    all.script(bob);
    all.script(R"({"comments":[{"author":{"accountId":"eve"},"body":"Reason: eve's"},
                               {"author":{"accountId":"bob"},"body":"Reason: bob's"}]})");
    CHECK(all.post(all.body()).status == 200);
    REQUIRE(all.desk.decisions.size() == 1);
    const access::decision& decided = all.desk.decisions.front();
    CHECK(decided.request_id == sample_request().id);
    CHECK(decided.what == verdict::approve);
    CHECK(decided.reason == "bob's");
    CHECK(decided.person.service == "jira");
    CHECK(decided.person.id == "bob");
    REQUIRE(decided.person.facts);
    CHECK(decided.person.facts->active);
    CHECK_FALSE(decided.person.facts->bot);
    CHECK_FALSE(decided.person.facts->guest);
    CHECK_FALSE(decided.person.facts->foreign);
    CHECK(decided.person.facts->email == "bob@example.com");
    CHECK(all.desk.announced_asked == texts{"jira " + sample_request().id + " 10001"});
    // The same delivery again.
    CHECK(all.post(all.body()).status == 200);
    CHECK(all.desk.decisions.size() == 1);
    CHECK(all.http.asked.size() == 4);
    CHECK(all.desk.running == 0);
}

TEST_CASE("an app, a customer and somebody switched off are what they are") {
    for (const auto& [type, active, bot, guest] :
         {std::tuple("app", true, true, true), std::tuple("customer", true, false, true),
          std::tuple("atlassian", false, false, false)}) {
        CAPTURE(type);
        decision_bench all;
        all.script(me);
        all.script(moved_issue());
        all.script(
            R"({"accountId":"bob","accountType":")" + std::string(type) + R"(","active":)" +
            (active ? "true" : "false") + "}"
        );
        all.script(no_comments);
        all.post(all.body());
        REQUIRE(all.desk.decisions.size() == 1);
        REQUIRE(all.desk.decisions.front().person.facts);
        CHECK(all.desk.decisions.front().person.facts->active == active);
        CHECK(all.desk.decisions.front().person.facts->bot == bot);
        CHECK(all.desk.decisions.front().person.facts->guest == guest);
    }
    decision_bench other;
    other.script(me);
    other.script(moved_issue());
    other.script(R"({"accountId":"carol","accountType":"atlassian","active":true})");
    other.script(no_comments);
    other.post(other.body());
    REQUIRE(other.desk.decisions.size() == 1);
    CHECK_FALSE(other.desk.decisions.front().person.facts);
}

TEST_CASE("nothing is decided by our own moves, on issues of others, without a request, or for one elsewhere"
) {
    struct tried {
        std::string issue;
        bool announced;
    };

    std::string foreign = moved_issue();
    foreign.replace(foreign.find("\"me\""), 4, "\"eve\"");
    std::string bare = moved_issue();
    bare.replace(bare.find("teleportAccessRequestId"), 23, "another_property_______");
    std::string pending = moved_issue();
    pending.replace(pending.find("\"Approved\""), 10, "\"Pending\"");
    for (const tried& one :
         {tried{moved_issue("me"), true}, tried{foreign, true}, tried{bare, true}, tried{pending, true},
          tried{moved_issue(), false}}) {
        CAPTURE(one.issue);
        CAPTURE(one.announced);
        decision_bench all;
        all.desk.announced = one.announced;
        for (const std::string& body :
             {std::string(me), one.issue, std::string(no_comments), std::string(R"({"id":"1"})"),
              std::string()}) {
            all.script(body);
        }
        CHECK(all.post(all.body()).status == 200);
        CHECK(all.desk.decisions.empty());
    }
}

TEST_CASE("who is refused is told why in a comment, and the issue goes back where it came from") {
    decision_bench all;
    all.desk.outcome.what = decision_result::own_request;
    for (const std::string& body :
         {std::string(me), moved_issue(), std::string(bob), std::string(no_comments),
          std::string(no_comments), std::string(R"({"id":"1"})"), std::string()}) {
        all.script(body);
    }
    CHECK(all.post(all.body()).status == 200);
    REQUIRE(all.http.asked.size() == 7);
    const std::string comment = json::serialize(all.body_of(5));
    CHECK(comment.find("Not counted") != std::string::npos);
    CHECK(comment.find("decision-77") != std::string::npos);
    CHECK(json::serialize(all.body_of(6)) == R"({"transition":{"id":"11"}})");
}

TEST_CASE("a move on a request that is over brings the issue in line") {
    decision_bench all;
    const auto denied = resolved(sample_request(), request_state::denied, "");
    all.desk.found = std::optional(ports::shown_request{denied, approver_card(denied)});
    all.script(me);
    all.script(moved_issue());
    all.script(moved_issue("bob", R"("transitions":[{"id":"41","to":{"id":"3","name":"Denied"}}],)"));
    all.script(no_comments);
    all.script(R"({"id":"1"})");
    all.script("");
    CHECK(all.post(all.body()).status == 200);
    CHECK(all.desk.decisions.empty());
    CHECK(all.calls().back() == "POST 3/issue/10001/transitions");
}

TEST_CASE("an issue that is gone is done with") {
    decision_bench all;
    all.script(me);
    all.script(R"({"errorMessages":[]})", 404);
    CHECK(all.post(all.body()).status == 200);
    CHECK(all.desk.decisions.empty());
}
