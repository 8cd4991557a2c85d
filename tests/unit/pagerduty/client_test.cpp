#include "bench.hpp"
#include "services/pagerduty/incident_text.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::test;
using access::address;
using access::delivery_key;
using access::message_ref;
using access::request_state;

namespace {

using texts = std::vector<std::string>;

const std::string incident = R"({"incident":{"id":"PINC001","status":"triggered"}})";
const std::string refused_twice =
    R"({"error":{"message":"Invalid Input Provided","code":2001,"errors":["Open incident already exists"]}})";

std::string listed(const std::string& status, const std::string& service = "PSVC001") {
    const std::string key = "teleport-access-request/" + sample_request().id;
    return R"({"incidents":[{"id":"PINC001","incident_key":")" + key + R"(","status":")" + status +
           R"(","service":{"id":")" + service + R"("}}],"more":false})";
}

access::access_request annotated(texts services) {
    access::access_request made = sample_request();
    made.suggested_reviewers = {"bob@example.com"};
    if (!services.empty()) {
        made.system_annotations["pagerduty_notify_service"] = std::move(services);
    }
    return made;
}

} // namespace

TEST_CASE("check says as whom and for which service, and tries nothing that anybody sees") {
    auto config = pagerduty_config_of();
    config.services = {"PSVC001"};
    bench all(config);
    all.answers(R"({"abilities":[]})");
    all.answers(own_user_page);
    all.answers(R"({"error":{"message":"Not Found","code":2100}})", 404);
    all.answers(R"({"service":{"id":"PSVC001","name":"Database","escalation_policy":{"id":"PPOL001"}}})");
    all.answers(R"({"oncalls":[],"more":false})");
    const auto said = all.run([&] { return all.pagerduty.check(); });
    REQUIRE(said.has_value());
    CHECK(*said == "Hallpass@example.com (PHALLP1, admin) for Database");
    CHECK(all.asked(0) == "GET abilities");
    CHECK(all.asked(1) == "GET users?query=hallpass%40example.com&limit=100&offset=0");
    CHECK(all.asked(2) == "POST incidents/HALLPASSCHECK/notes");
    CHECK(ports::find_header(all.http.asked[2].headers, "From") == "hallpass@example.com");
    CHECK(
        ports::find_header(all.http.asked[0].headers, "Accept") == "application/vnd.pagerduty+json;version=2"
    );
    all.check_token_is_kept("the-key", "Token token=");
}

TEST_CASE("check finds a read-only key, a user that isn't there or may not, and a wrong service") {
    const auto failure = [](bench& all) {
        const auto said = all.run([&] { return all.pagerduty.check(); });
        REQUIRE(said.has_error());
        return said.error();
    };
    SUBCASE("a read-only key") {
        bench all;
        all.answers(R"({"abilities":[]})");
        all.answers(own_user_page);
        all.answers(R"({"error":{"message":"Access Denied","code":2010}})", 403);
        const fault why = failure(all);
        CHECK(why.kind() == fault_kind::unauthorised);
        CHECK(why.text().find("the API key must not be read-only") != std::string::npos);
    }
    SUBCASE("no such user") {
        bench all;
        all.answers(R"({"abilities":[]})");
        all.answers(
            R"({"users":[{"id":"PX","email":"hallpass@example.com.evil","role":"admin"}],"more":false})"
        );
        CHECK(
            failure(all).text() ==
            "PagerDuty has no user with the e-mail hallpass@example.com; pagerduty.user_email "
            "must be the e-mail of a user of the account"
        );
    }
    SUBCASE("a stakeholder") {
        bench all;
        all.answers(R"({"abilities":[]})");
        all.answers(
            R"({"users":[{"id":"PX","email":"hallpass@example.com","role":"read_only_user"}],"more":false})"
        );
        CHECK(
            failure(all).text().find("has the role read_only_user, which may make no incidents") !=
            std::string::npos
        );
    }
    SUBCASE("no such service") {
        auto config = pagerduty_config_of();
        config.services = {"Nowhere"};
        bench all(config);
        all.answers(R"({"abilities":[]})");
        all.answers(own_user_page);
        all.answers(R"({"error":{"message":"Not Found","code":2100}})", 404);
        all.answers(R"({"services":[{"id":"PX","name":"Nowhere else"}],"more":false})");
        CHECK(
            failure(all).text() ==
            "PagerDuty has no service with the id or name \"Nowhere\"; correct pagerduty.service_id"
        );
    }
}

TEST_CASE("check finds what [pagerduty.on_call] names and PagerDuty hasn't") {
    auto config = pagerduty_config_of();
    config.on_call.rules.roles = {"dba"};
    config.on_call.services = {"Web"};
    config.on_call.schedules = {"Gone"};
    bench all(config);
    all.answers(R"({"abilities":[]})");
    all.answers(own_user_page);
    all.answers(R"({"error":{"message":"Not Found","code":2100}})", 404);
    all.answers(R"({"services":[{"id":"PX","name":"web"}],"more":false})");
    all.answers(R"({"schedules":[],"more":false})");
    const auto said = all.run([&] { return all.pagerduty.check(); });
    REQUIRE(said.has_error());
    CHECK(
        said.error().text() ==
        "PagerDuty has no schedule with the id or name \"Gone\"; correct [pagerduty.on_call]"
    );
}

TEST_CASE("check warns of a user that would be called by its own incidents") {
    auto config = pagerduty_config_of();
    config.services = {"PSVC001"};
    bench all(config);
    all.answers(R"({"abilities":[]})");
    all.answers(own_user_page);
    all.answers(R"({"error":{"message":"Not Found","code":2100}})", 404);
    all.answers(R"({"service":{"id":"PSVC001","name":"Database","escalation_policy":{"id":"PPOL001"}}})");
    all.answers(R"({"oncalls":[{"escalation_level":1}],"more":false})");
    CHECK(all.run([&] { return all.pagerduty.check(); }).has_value());
    CHECK(all.log.text.find("pagerduty_user_is_responder") != std::string::npos);
}

TEST_CASE("the annotation names the services, else the operator does, and reviewers never do") {
    access::routing_table table;
    table.role_to_recipients = {{"*", {"Web"}}, {"prod-admin", {"Database"}}};
    auto with_default = pagerduty_config_of();
    with_default.services = {"PSVC001"};
    auto with_table = with_default;
    with_table.own_routing = true;
    CHECK(bench().pagerduty.recipients(annotated({" B ", "A", "B", ""})) == texts{"B", "A"});
    CHECK(bench().pagerduty.recipients(annotated({})) == texts{});
    CHECK(bench(with_default).pagerduty.recipients(annotated({})) == texts{"PSVC001"});
    CHECK(bench(with_default, &table).pagerduty.recipients(annotated({})) == texts{"PSVC001"});
    CHECK(
        bench(pagerduty_config_of(), &table).pagerduty.recipients(annotated({})) == texts{"Database", "Web"}
    );
    CHECK(bench(with_table, &table).pagerduty.recipients(annotated({})) == texts{"Database", "Web"});
    CHECK(bench(with_table, &table).pagerduty.recipients(annotated({"A"})) == texts{"A"});
}

TEST_CASE("a service is found by its id, or by its name on whatever page") {
    bench all;
    all.answers(R"({"service":{"id":"PSVC001","name":"Database"}})");
    CHECK(all.run([&] { return all.pagerduty.resolve("PSVC001"); })->id == "PSVC001");
    all.answers(R"({"services":[{"id":"PX","name":"data"},{"id":"PY","name":"Database 2"}],"more":true})");
    all.answers(R"({"services":[{"id":"PSVC001","name":"Database"}],"more":false})");
    CHECK(all.run([&] { return all.pagerduty.resolve(" database "); })->id == "PSVC001");
    CHECK(all.asked(0) == "GET services/PSVC001");
    CHECK(all.asked(1) == "GET services?query=database&limit=100&offset=0");
    CHECK(all.asked(2) == "GET services?query=database&limit=100&offset=2");
    all.answers(R"({"services":[],"more":false})");
    const auto none = all.run([&] { return all.pagerduty.resolve("web & <b>"); });
    REQUIRE(none.has_error());
    CHECK(none.error().kind() == fault_kind::not_found);
    CHECK(all.asked(3) == "GET services?query=web%20%26%20%3Cb%3E&limit=100&offset=0");
}

TEST_CASE("an incident is made with its key, as the user of user_email, and never repeated blindly") {
    bench all;
    all.answers(incident, 201);
    const auto card = approver_card(sample_request());
    const auto sent = all.run([&] {
        return all.pagerduty.post(address("PSVC001"), card, delivery_key(card.request_id, "card"));
    });
    REQUIRE(sent.has_value());
    CHECK(*sent == message_ref("PINC001", "PINC001"));
    CHECK(all.asked(0) == "POST incidents");
    CHECK_FALSE(all.http.asked[0].repeatable);
    const std::vector<ports::pace_key> counted_under{
        {"pagerduty", std::chrono::microseconds(62'500)}, {"pagerduty POST incidents"}};
    CHECK(all.http.asked[0].pace_keys == counted_under);
    const boost::json::object made = all.body_of(0).at("incident").as_object();
    CHECK(made.at("incident_key") == "teleport-access-request/0195a5b2-7c1e-7a52-9d0b-3f6f0f5c1a11");
    CHECK(made.at("service").at("id") == "PSVC001");
    CHECK(all.log.text.empty());
}

TEST_CASE("an incident that is there already is taken for the one that was wanted") {
    bench all;
    all.answers(refused_twice, 400);
    all.answers(listed("acknowledged"));
    const auto card = approver_card(sample_request());
    const auto sent = all.run([&] {
        return all.pagerduty.post(address("PSVC001"), card, delivery_key(card.request_id, "card"));
    });
    REQUIRE(sent.has_value());
    CHECK(sent->conversation == "PINC001");
}

TEST_CASE("a refusal that isn't about a second incident stays one") {
    bench all;
    all.answers(refused_twice, 400);
    all.answers(listed("triggered", "PSVC999"));
    const auto card = approver_card(sample_request());
    const auto sent = all.run([&] {
        return all.pagerduty.post(address("PSVC001"), card, delivery_key(card.request_id, "card"));
    });
    REQUIRE(sent.has_error());
    CHECK(sent.error().kind() == fault_kind::permanent);
}

TEST_CASE("an incident that called nobody is told of, with the mend") {
    bench all;
    all.answers(R"({"incident":{"id":"PINC001","status":"acknowledged"}})", 201);
    const auto card = approver_card(sample_request());
    CHECK(all.run([&] {
                 return all.pagerduty.post(address("PSVC001"), card, delivery_key(card.request_id, "card"));
             }
    ).has_value());
    CHECK(all.log.text.find("pagerduty_called_nobody incident=PINC001") != std::string::npos);
}

TEST_CASE("a lost answer and one that names nothing are uncertain") {
    const auto card = approver_card(sample_request());
    bench all;
    fault lost(fault_kind::transient, "the connection broke");
    lost.set_uncertain(true);
    all.http.script.emplace_back(lost);
    all.answers("{}", 201);
    for (int i = 0; i < 2; ++i) {
        const auto sent = all.run([&] {
            return all.pagerduty.post(address("PSVC001"), card, delivery_key(card.request_id, "card"));
        });
        REQUIRE(sent.has_error());
        CHECK(sent.error().uncertain());
    }
}

TEST_CASE("the end is one note and a resolved incident, however often it is told") {
    const auto card = approver_card(resolved(sample_request(), request_state::denied, "Use the replica."));
    bench all;
    all.answers(own_user_page);
    all.answers(R"({"notes":[]})");
    all.answers(R"({"note":{"id":"PNOT001"}})");
    all.answers(incident);
    all.answers(R"({"incident":{"id":"PINC001","status":"resolved"}})");
    CHECK(all.run([&] { return all.pagerduty.update(message_ref("PINC001", "PINC001"), card); }).has_value());
    CHECK(all.asked(2) == "POST incidents/PINC001/notes");
    const std::string content(all.body_of(2).at("note").at("content").as_string());
    CHECK(content.find("Use the replica.") != std::string::npos);
    CHECK(all.asked(4) == "PUT incidents/PINC001");
    CHECK(
        boost::json::serialize(all.body_of(4)) ==
        R"({"incident":{"type":"incident_reference","status":"resolved"}})"
    );

    boost::json::object note{
        {"id", "PNOT001"}, {"content", content}, {"user", boost::json::object{{"id", "PHALLP1"}}}};
    all.answers(boost::json::serialize(boost::json::object{{"notes", boost::json::array{note}}}));
    all.answers(R"({"incident":{"id":"PINC001","status":"resolved"}})");
    CHECK(all.run([&] { return all.pagerduty.update(message_ref("PINC001", "PINC001"), card); }).has_value());
    CHECK(all.http.asked.size() == 7);
}

TEST_CASE("an incident of a request that was resolved meanwhile is told the end and resolved, or uncertain") {
    const auto card = approver_card(resolved(sample_request(), request_state::denied, "Use the replica."));
    bench all;
    const auto post = [&] {
        return all.run([&] {
            return all.pagerduty.post(address("PSVC001"), card, delivery_key(card.request_id, "card"));
        });
    };
    all.answers(incident, 201);
    all.answers(own_user_page);
    all.answers(R"({"notes":[]})");
    all.answers(R"({"note":{"id":"PNOT001"}})");
    all.answers(incident);
    all.answers(R"({"incident":{"id":"PINC001","status":"resolved"}})");
    const auto whole = post();
    REQUIRE(whole.has_value());
    CHECK(*whole == message_ref("PINC001", "PINC001"));
    CHECK(all.asked(3) == "POST incidents/PINC001/notes");
    CHECK(all.asked(5) == "PUT incidents/PINC001");

    all.answers(incident, 201);
    all.answers("{}", 500);
    const auto half = post();
    REQUIRE(half.has_error());
    CHECK(half.error().uncertain());
}

TEST_CASE("an incident that somebody resolves at the same time is resolved") {
    const auto card = approver_card(resolved(sample_request(), request_state::approved, ""));
    bench all;
    all.answers(own_user_page);
    all.answers(R"({"notes":[]})");
    all.answers(R"({"note":{"id":"PNOT001"}})");
    all.answers(incident);
    all.answers(R"({"error":{"message":"Incident Already Resolved","code":1001}})", 400);
    CHECK(all.run([&] { return all.pagerduty.update(message_ref("PINC001", "PINC001"), card); }).has_value());
}

TEST_CASE("while a request is pending its incident needs no call, and requesters have none") {
    bench all;
    const auto card = approver_card(sample_request());
    CHECK(all.run([&] { return all.pagerduty.update(message_ref("PINC001", "PINC001"), card); }).has_value());
    const auto requester = all.run([&] { return all.pagerduty.resolve_requester("alice@example.com"); });
    REQUIRE(requester.has_value());
    CHECK_FALSE(requester->has_value());
    CHECK(all.http.asked.empty());
}
