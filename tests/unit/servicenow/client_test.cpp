#include "bench.hpp"
#include "services/servicenow/query.hpp"
#include "services/servicenow/replies.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::test;
using access::address;
using access::delivery_key;
using access::message_ref;
using access::request_state;
using hallpass::services::servicenow::read_reply;
namespace json = boost::json;

namespace {

using texts = std::vector<std::string>;

const delivery_key card_key(sample_request().id, "card");
const message_ref incident(incident_id, "INC0010001");

std::string made_incident(const std::string& state = "1", const std::string& notes = "") {
    return R"({"sys_id":"000000000000000000000000000000aa","number":"INC0010001","state":")" + state +
           R"(","close_notes":)" + json::serialize(json::string(notes)) + R"(,"correlation_id":")" +
           sample_request().id + R"(","correlation_display":"hallpass"})";
}

access::card denied_card() {
    return approver_card(resolved(sample_request(), request_state::denied, "Not tonight."));
}

} // namespace

TEST_CASE("an incident carries the whole request, and its id as the key") {
    bench all;
    all.script(made_incident(), 201);
    const auto sent =
        all.run([&] { return all.now.post(address("x"), approver_card(sample_request()), card_key); });
    REQUIRE(sent.has_value());
    CHECK(*sent == incident);
    const auto& asked = all.http.asked.front();
    CHECK_FALSE(asked.repeatable);
    CHECK(ports::find_header(asked.headers, "Accept") == "application/json");
    CHECK(ports::find_header(asked.headers, "Content-Type") == "application/json");
    const auto body = all.body_of(0);
    CHECK(body.at("correlation_id").as_string() == sample_request().id);
    CHECK(body.at("correlation_display") == "hallpass");
    CHECK(body.at("caller_id") == "alice@example.com");
    CHECK(
        std::string(body.at("description").as_string()) ==
        "User: alice@example.com\nCluster: example.teleport.sh\n"
        "Roles: db_reader, prod-admin (logins root, ubuntu)\nAccess until: 2026-03-01 07:00:00 UTC\n"
        "Request expires: 2026-03-01 03:55:00 UTC\nReason:\n  Checkout is down.\n  Pager INC-4711: need the "
        "orders "
        "database.\nRequest: 0195a5b2-7c1e-7a52-9d0b-3f6f0f5c1a11\nReview in Teleport: "
        "https://example.teleport.sh/web/requests/0195a5b2-7c1e-7a52-9d0b-3f6f0f5c1a11\n"
        "hallpass 0195a5b2-7c1e-7a52-9d0b-3f6f0f5c1a11 card"
    );
}

TEST_CASE("however long a request is, its texts fit and keep who, which and where") {
    for (const std::string unit : {"x", "日本", "\"", "a\n", "\xff"}) {
        bench all;
        all.script(made_incident(), 201);
        const auto card = approver_card(huge_request(unit));
        all.run([&] { return all.now.post(address("x"), card, card_key); });
        const auto body = all.body_of(0);
        const std::string text(body.at("description").as_string());
        CHECK(text.size() <= 4000);
        CHECK(text.find(card.request_id) != std::string::npos);
        CHECK(text.find(card.link) != std::string::npos);
        CHECK(body.at("short_description").as_string().size() <= 160);
    }
}

TEST_CASE("what ServiceNow takes for HTML in notes stays words") {
    bench all;
    all.script(made_incident(), 201);
    access::access_request asked = sample_request();
    asked.request_reason = "[code]<b>x</b>[/CODE] [[code]code]";
    all.run([&] { return all.now.post(address("x"), approver_card(asked), card_key); });
    const std::string text(all.body_of(0).at("description").as_string());
    CHECK(text.find("[ code]<b>x</b>[ /CODE] [[ code]code]") != std::string::npos);
}

TEST_CASE("the end is state, code and notes, and nothing where they are there") {
    bench all;
    all.script(made_incident());
    all.script(made_incident("7"));
    CHECK(all.run([&] { return all.now.update(incident, denied_card()); }).has_value());
    const auto body = all.body_of(1);
    CHECK(body.at("state") == "7");
    CHECK(body.at("incident_state") == "7");
    CHECK(body.at("close_code") == "Resolved by request");
    const std::string notes(body.at("close_notes").as_string());
    CHECK(notes.find("Not tonight.") != std::string::npos);
    all.script(made_incident("7", notes));
    CHECK(all.run([&] { return all.now.update(incident, denied_card()); }).has_value());
    CHECK(all.http.asked.size() == 3);
    CHECK(all.run([&] { return all.now.update(incident, approver_card(sample_request())); }).has_value());
    CHECK(all.http.asked.size() == 3);
}

TEST_CASE("an incident is found by its key, and a wrong answer to the query is no find") {
    bench all;
    all.time.time += std::chrono::minutes(1);
    const auto look = [&] { return all.run([&] { return all.now.find(address("x"), {}, card_key, {}); }); };
    all.script("[" + made_incident() + "]");
    const auto found = look();
    REQUIRE(found.has_value());
    CHECK(*found == incident);
    CHECK(
        all.http.asked.front().url ==
        "https://now.example/api/now/table/incident?sysparm_query=correlation_id%3D" + sample_request().id +
            "%5Ecorrelation_display%3Dhallpass%5EORDERBYsys_created_on&sysparm_fields=sys_id,number,"
            "correlation_id,"
            "correlation_display&sysparm_limit=10&sysparm_exclude_reference_link=true"
    );
    all.script(R"([{"sys_id":"000000000000000000000000000000aa","correlation_id":"another"}])");
    const auto wrong = look();
    REQUIRE(wrong.has_error());
    CHECK(wrong.error().kind() == fault_kind::unsupported);
    all.script("[]");
    const auto absent = look();
    REQUIRE(absent.has_value());
    CHECK_FALSE(absent->has_value());
}

TEST_CASE("nothing in a value can widen a query") {
    using namespace services::servicenow;
    for (const std::string bad :
         {"a^active=true", "a=b", "javascript:gs.log()", "a b", "", "é", "a\nb", "a,b"}) {
        CAPTURE(bad);
        CHECK_FALSE(is_plain_value(bad));
        CHECK(is_plain_value(correlation_of(bad)));
    }
    CHECK(correlation_of("0195a5b2-7c1e") == "0195a5b2-7c1e");
    CHECK(correlation_of(std::string(500, '^')).size() == 100);
    CHECK(is_sys_id(incident_id));
    CHECK_FALSE(is_sys_id("000000000000000000000000000000AA"));
    CHECK_FALSE(is_sys_id("../../../../sys_user/000000000000"));
}

TEST_CASE("a work note is found again by its key and its author") {
    bench all;
    const delivery_key key(sample_request().id, "review-1");
    const auto look = [&](const std::string& by) {
        all.script(
            R"([{"element_id":"000000000000000000000000000000aa","element":"work_notes","sys_created_by":")" +
            by + R"(","value":"x\nhallpass )" + sample_request().id + R"( review-1"}])"
        );
        return all.run([&] { return all.now.find(address("x"), incident, key, {}); });
    };
    CHECK(look("hallpass")->has_value());
    CHECK_FALSE(look("mallory")->has_value());
    all.script("[]");
    const auto unreadable = all.run([&] { return all.now.find(address("x"), incident, key, {}); });
    REQUIRE(unreadable.has_error());
    CHECK(unreadable.error().kind() == fault_kind::unsupported);
    CHECK(unreadable.error().text().find("sys_journal_field") != std::string::npos);
}

TEST_CASE("a token is fetched once, and anew where it is refused") {
    bench all(true);
    all.http.script.emplace_back(answer(R"({"access_token":"one","expires_in":1800})"));
    all.script("[]");
    all.script("[]");
    CHECK(all.run([&] { return all.now.check(); }).has_value());
    CHECK(
        all.calls() ==
        texts{"POST oauth_token.do", "GET api/now/table/incident", "GET api/now/table/sys_choice"}
    );
    CHECK(
        all.http.asked.at(0).body ==
        "grant_type=client_credentials&client_id=client&client_secret=the-client-secret"
    );
    CHECK(ports::find_header(all.http.asked.at(1).headers, "Authorization") == "Bearer one");
    all.http.script.emplace_back(answer(R"({"error":{"message":"User Not Authenticated"}})", 401));
    all.http.script.emplace_back(answer(R"({"access_token":"two"})"));
    all.script("[]");
    all.script("[]");
    CHECK(all.run([&] { return all.now.check(); }).has_value());
    CHECK(ports::find_header(all.http.asked.back().headers, "Authorization") == "Bearer two");
    all.time.time += std::chrono::hours(1);
    all.http.script.emplace_back(answer(R"({"error":"invalid_client","error_description":"no"})", 401));
    const auto refused = all.run([&] { return all.now.check(); });
    REQUIRE(refused.has_error());
    CHECK(refused.error().kind() == fault_kind::unauthorised);
    CHECK(
        refused.error().text().find("invalid_client no; check client_id and client_secret") !=
        std::string::npos
    );
    CHECK(all.log.text.find("the-client-secret") == std::string::npos);
}

TEST_CASE("a close code that the instance doesn't have is told with those that it has") {
    bench all;
    all.script("[]");
    all.script(R"([{"name":"incident","element":"close_code","value":"Solution provided"},{"name":"x"}])");
    const auto said = all.run([&] { return all.now.check(); });
    REQUIRE(said.has_error());
    CHECK(
        said.error().text().find("set servicenow.close_code to one of: Solution provided") !=
        std::string::npos
    );
    bench unreadable;
    unreadable.script("[]");
    unreadable.http.script.emplace_back(answer(R"({"error":{"message":"no"}})", 403));
    CHECK(unreadable.run([&] { return unreadable.now.check(); }).has_value());
}

TEST_CASE("ServiceNow's errors are one clear line of their kind") {
    using enum fault_kind;
    for (const auto& [status, kind, uncertain] :
         {std::tuple(400, permanent, false), std::tuple(401, unauthorised, false),
          std::tuple(403, permanent, false), std::tuple(404, not_found, false),
          std::tuple(429, rate_limited, false), std::tuple(500, transient, true)}) {
        CAPTURE(status);
        const auto made =
            read_reply("PATCH x", true, answer(R"({"error":{"message":"no","detail":"why"}})", status));
        REQUIRE(made.has_error());
        CHECK(made.error().kind() == kind);
        CHECK(made.error().uncertain() == uncertain);
        CHECK(made.error().text().find(": no: why") != std::string::npos);
    }
    const auto policy = read_reply(
        "PATCH x", true,
        answer(R"({"error":{"message":"x","detail":"Data Policy Exception: mandatory: Close code"}})", 403)
    );
    CHECK(policy.error().text().find("set servicenow.close_code") != std::string::npos);
    const auto asleep = read_reply("GET x", false, answer("<html>Your instance is hibernating</html>"));
    CHECK(asleep.error().kind() == transient);
    CHECK(read_reply("GET x", false, answer(R"({"result":[]})")).has_value());
}

TEST_CASE(
    "who is on call in a rota of the request is told by their user name or e-mail, and only who is active"
) {
    auto request = sample_request();
    request.system_annotations["teleport.dev/schedules"] = {"not an id", "0000000000000000000000000000000a"};
    for (const auto& [name, active, is] :
         {std::tuple("alice@example.com", "true", true), std::tuple("alice@example.com", "false", false),
          std::tuple("Alice@Example.com", "true", true), std::tuple("alice", "true", false)}) {
        bench all;
        all.script(R"([{"userId":"000000000000000000000000000000cc"}])");
        all.script(
            R"({"sys_id":"000000000000000000000000000000cc","user_name":")" + std::string(name) +
            R"(","active":")" + active + "\"}"
        );
        const auto found = all.run([&] { return all.now.on_call(request); });
        REQUIRE(found.has_value());
        CHECK(found->has_value() == is);
        CHECK(all.http.asked.front().url.ends_with("whoisoncall?rota_ids=0000000000000000000000000000000a"));
    }
    bench gone;
    gone.http.script.emplace_back(answer(R"({"error":{"message":"No Record found"}})", 404));
    const auto found = gone.run([&] { return gone.now.on_call(request); });
    REQUIRE(found.has_value());
    CHECK_FALSE(found->has_value());
    CHECK(gone.log.text.find("rota_not_found") != std::string::npos);
}

TEST_CASE(
    "a rota of the configuration is enough for the roles that it is for, and nothing is asked for others"
) {
    const std::string rota = "0000000000000000000000000000000a";
    for (const char* role : {"*", "another"}) {
        CAPTURE(role);
        bench all;
        auto settings = now_settings();
        settings.on_call.places = {rota};
        settings.on_call.rules.roles = {role};
        services::servicenow::servicenow_service ruled(
            settings, ports::service_environment{all.http, all.time, all.log}
        );
        all.script(R"([{"userId":"000000000000000000000000000000cc"}])");
        all.script(
            R"({"sys_id":"000000000000000000000000000000cc","user_name":"alice@example.com","active":"true"})"
        );
        const auto found = all.run([&] { return ruled.on_call(sample_request()); });
        REQUIRE(found.has_value());
        CHECK(found->has_value() == (std::string_view(role) == "*"));
        CHECK(all.http.asked.empty() == (std::string_view(role) != "*"));
    }
}
