#include "base/text.hpp"
#include "bench.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

using namespace hallpass;
using namespace hallpass::test;
using access::decision_result;

namespace {

const std::string key = "the-webhook-secret";
const std::string request_id = "0195a5b2-7c1e-7a52-9d0b-3f6f0f5c1a11";

std::string sign(const std::string& body) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    HMAC(
        EVP_sha256(), key.data(), static_cast<int>(key.size()),
        reinterpret_cast<const unsigned char*>(body.data()), body.size(), digest.data(), &size
    );
    return "v1=" + to_hex({reinterpret_cast<const char*>(digest.data()), size});
}

std::string event_body(const std::string& agent = "PBOB0001", const std::string& id = "EVENT1") {
    return R"({"event":{"id":")" + id +
           R"(","event_type":"incident.annotated","occurred_at":"2023-11-14T22:13:00Z","agent":{"id":")" +
           agent +
           R"(","type":"user_reference"},"data":{"id":"PNOT001","type":"incident_note","incident":{"id":"PINC001"}}}})";
}

const std::string incident_found =
    R"({"incident":{"id":"PINC001","status":"acknowledged","incident_key":"teleport-access-request/)" +
    request_id + "\"}}";
const std::string bob_found =
    R"({"user":{"id":"PBOB0001","type":"user","email":"bob@example.com","role":"limited_user"}})";

std::string notes_found(const std::string& content, const std::string& user = "PBOB0001") {
    boost::json::object one{
        {"id", "PNOT001"}, {"content", content}, {"user", boost::json::object{{"id", user}}}};
    return boost::json::serialize(boost::json::object{{"notes", boost::json::array{one}}});
}

struct webhook_bench {
    webhook_bench()
        : time(around.context),
          desk(around.context),
          pagerduty(pagerduty_config_of(key), ports::service_environment{around.http, time, around.log}),
          routes(pagerduty.take_decisions(desk)) {
        desk.outcome.what = decision_result::accepted;
    }

    void answers(std::string body, int status = 200) {
        around.http.script.emplace_back(answer(std::move(body), status));
    }

    void answers_all(const std::string& note = "approve: fine") {
        answers(own_user_page);
        answers(incident_found);
        answers(notes_found(note));
        answers(bob_found);
    }

    ports::callback_response post(const std::string& body, const std::string& signature) {
        ports::callback_request request;
        request.headers.emplace_back("X-PagerDuty-Signature", signature);
        request.body = body;
        const result<ports::callback_response> answered =
            around.run([&]() -> boost::asio::awaitable<result<ports::callback_response>> {
                ports::callback_response made = co_await routes.at(0).answer(std::move(request));
                co_return made;
            });
        return *answered;
    }

    int post(const std::string& body) { return post(body, sign(body)).status; }

    service_bench around;
    short_clock time;
    scripted_desk desk;
    services::pagerduty::pagerduty_service pagerduty;
    std::vector<ports::callback_route> routes;
};

} // namespace

TEST_CASE("without a secret there is no way in") {
    bench all;
    scripted_desk desk(all.context);
    CHECK(all.pagerduty.take_decisions(desk).empty());
}

TEST_CASE("a note that PagerDuty's API confirms is a decision by who wrote it") {
    webhook_bench all;
    all.answers_all();
    CHECK(all.routes.at(0).path == "/pagerduty");
    CHECK(all.post(event_body()) == 202);
    REQUIRE(all.desk.decisions.size() == 1);
    const access::decision& asked = all.desk.decisions.front();
    CHECK(asked.request_id == request_id);
    CHECK(asked.what == access::verdict::approve);
    CHECK(asked.reason == "fine");
    CHECK(asked.person.service == "pagerduty");
    CHECK(asked.person.id == "PBOB0001");
    REQUIRE(asked.person.facts);
    CHECK(asked.person.facts->email == "bob@example.com");
    CHECK(asked.person.facts->email_verified);
    CHECK_FALSE(asked.person.facts->guest);
    CHECK_FALSE(asked.person.facts->bot);
    CHECK(all.desk.announced_asked == std::vector<std::string>{"pagerduty " + request_id + " PINC001"});
    CHECK(all.around.http.asked.size() == 4);
}

TEST_CASE("an event counts once, however often it is delivered") {
    webhook_bench all;
    all.answers_all();
    CHECK(all.post(event_body()) == 202);
    CHECK(all.post(event_body()) == 202);
    CHECK(all.desk.decisions.size() == 1);
}

TEST_CASE("who isn't PagerDuty gets one and the same answer, and nothing is asked") {
    webhook_bench all;
    const ports::callback_response wanted = ports::refused_callback();
    const std::string large(300 * 1024, ' ');
    for (const auto& [body, signature] :
         {std::pair(event_body(), std::string()), std::pair(event_body(), sign(event_body() + " ")),
          std::pair(std::string("not json"), std::string("v1=00")), std::pair(large, sign(large))}) {
        const ports::callback_response refused = all.post(body, signature);
        CHECK(refused.status == 401);
        CHECK(refused.body == wanted.body);
    }
    CHECK(all.around.http.asked.empty());
    CHECK(all.desk.decisions.empty());
}

TEST_CASE("what is PagerDuty's own but decides nothing is taken, so that the subscription stays") {
    webhook_bench all;
    for (const std::string body : {"not json", "{}", R"({"event":{"id":"E","event_type":"pagey.ping"}})"}) {
        CHECK(all.post(body) == 202);
    }
    std::string old = event_body();
    old.replace(old.find("2023-11-14"), 10, "2023-11-01");
    CHECK(all.post(old) == 202);
    std::string early = event_body();
    early.replace(early.find("2023-11-14"), 10, "2023-11-15");
    CHECK(all.post(early) == 202);
    std::string timeless = event_body();
    timeless.replace(timeless.find("2023-11-14T22:13:00Z"), 20, "");
    CHECK(all.post(timeless) == 202);
    CHECK(all.around.http.asked.empty());
}

TEST_CASE("what PagerDuty's API or Teleport doesn't confirm decides nothing") {
    webhook_bench all;
    SUBCASE("the note is another's") {
        all.answers(own_user_page);
        all.answers(incident_found);
        all.answers(notes_found("approve", "PMALLORY"));
        CHECK(all.post(event_body()) == 202);
    }
    SUBCASE("the note is gone") {
        all.answers(own_user_page);
        all.answers(incident_found);
        all.answers(R"({"notes":[]})");
        CHECK(all.post(event_body()) == 202);
    }
    SUBCASE("the note says something else") {
        all.answers(own_user_page);
        all.answers(incident_found);
        all.answers(notes_found("approve this?"));
        CHECK(all.post(event_body()) == 202);
    }
    SUBCASE("the incident isn't ours") {
        all.answers(own_user_page);
        all.answers(R"({"incident":{"id":"PINC001","incident_key":"disk-full"}})");
        CHECK(all.post(event_body()) == 202);
    }
    SUBCASE("Teleport keeps another incident for the request") {
        all.desk.announced = false;
        all.answers(own_user_page);
        all.answers(incident_found);
        INFO(all.around.log.text);
        CHECK(all.post(event_body()) == 503);
        all.answers(incident_found);
        all.time.time += std::chrono::minutes(11);
        CHECK(all.post(event_body()) == 202);
    }
    SUBCASE("it is hallpass's own note") {
        all.answers(own_user_page);
        CHECK(all.post(event_body("PHALLP1")) == 202);
    }
    SUBCASE("the user is gone") {
        all.answers(own_user_page);
        all.answers(incident_found);
        all.answers(notes_found("approve"));
        all.answers(R"({"error":{"message":"Not Found","code":2100}})", 404);
        CHECK(all.post(event_body()) == 202);
    }
    CHECK(all.desk.decisions.empty());
    CHECK(all.around.http.script.empty());
}

TEST_CASE("what can't be confirmed now is asked for again, and then counts") {
    webhook_bench all;
    all.answers(own_user_page);
    all.answers(R"({"error":{"message":"oops"}})", 500);
    CHECK(all.post(event_body()) == 503);
    CHECK(all.desk.decisions.empty());
    all.answers(incident_found);
    all.answers(notes_found("deny"));
    all.answers(bob_found);
    CHECK(all.post(event_body()) == 202);
    CHECK(all.desk.decisions.size() == 1);
}

TEST_CASE("a decision of which nobody is sure is asked for again") {
    for (const decision_result what : {decision_result::unreachable, decision_result::unknown}) {
        webhook_bench all;
        all.desk.outcome.what = what;
        all.answers_all();
        CHECK(all.post(event_body()) == 503);
        all.desk.outcome.what = decision_result::accepted;
        all.answers(incident_found);
        all.answers(notes_found("approve"));
        all.answers(bob_found);
        CHECK(all.post(event_body()) == 202);
        CHECK(all.desk.decisions.size() == 2);
    }
}

TEST_CASE("work that takes longer than PagerDuty waits is not taken yet, and goes on") {
    webhook_bench all;
    all.time.is_short = true;
    all.answers_all();
    all.desk.hold();
    CHECK(all.post(event_body()) == 503);
    CHECK(all.post(event_body()) == 503);
    all.desk.release();
    all.around.context.restart();
    all.around.context.poll();
    CHECK(all.post(event_body()) == 202);
    CHECK(all.desk.decisions.size() == 1);
}

TEST_CASE("who isn't heard is told why, on the incident; a review has its own note") {
    webhook_bench all;
    all.desk.outcome.what = decision_result::own_request;
    all.answers_all();
    all.answers(R"({"note":{"id":"PNOT002"}})");
    CHECK(all.post(event_body()) == 202);
    REQUIRE(all.around.http.asked.size() == 5);
    CHECK(all.around.http.asked[4].url == pagerduty_base + "incidents/PINC001/notes");
    const std::string told(all.around.body_of(4).at("note").at("content").as_string());
    CHECK(told.starts_with("To bob@example.com: "));
}

TEST_CASE("who has decided it themself, at another instance, needn't be told so; who decided otherwise is") {
    for (const bool same : {true, false}) {
        CAPTURE(same);
        webhook_bench all;
        all.desk.outcome.what = decision_result::already_resolved;
        all.desk.outcome.user = all.desk.outcome.by = "bob";
        all.desk.outcome.state = same ? access::request_state::approved : access::request_state::denied;
        all.answers_all();
        all.answers(R"({"note":{"id":"PNOT002"}})");
        CHECK(all.post(event_body()) == 202);
        CHECK(all.around.http.asked.size() == (same ? 4 : 5));
    }
}

TEST_CASE("stakeholders, and people who haven't accepted their invitation, have no power of their own") {
    webhook_bench all;
    all.answers(own_user_page);
    all.answers(incident_found);
    all.answers(notes_found("approve"));
    all.answers(
        R"({"user":{"id":"PBOB0001","type":"user","email":"b@example.com","role":"read_only_user","invitation_sent":true}})"
    );
    CHECK(all.post(event_body()) == 202);
    REQUIRE(all.desk.decisions.size() == 1);
    CHECK(all.desk.decisions[0].person.facts->guest);
    CHECK_FALSE(all.desk.decisions[0].person.facts->active);
    CHECK_FALSE(all.desk.decisions[0].person.facts->email_verified);
}
