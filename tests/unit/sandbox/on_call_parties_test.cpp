// The simulated PagerDuty and Opsgenie: that they refuse what the real ones refuse.
#include "sandbox/opsgenie/opsgenie_api.hpp"
#include "sandbox/pagerduty/pagerduty_api.hpp"
#include "sandbox/pagerduty/pagerduty_webhooks.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::sandbox;
namespace json = boost::json;

namespace {

net::server_request request_for(
    const std::string& method, const std::string& target, const json::value& body, const std::string& key
) {
    net::server_request made;
    made.method = method;
    const std::size_t query = target.find('?');
    made.path = target.substr(0, query);
    made.query = query == std::string::npos ? "" : target.substr(query + 1);
    made.body = json::serialize(body);
    made.headers.emplace_back("Authorization", key);
    return made;
}

struct pagerduty_account {
    net::server_response call(
        const std::string& method,
        const std::string& target,
        const json::value& body = {},
        std::string key = ""
    ) {
        net::server_request made =
            request_for(method, target, body, "Token token=" + (key.empty() ? at.key : key));
        made.headers.emplace_back("From", from);
        return pagerduty::answer_api_call(at, made);
    }

    json::object ask(const std::string& method, const std::string& target, const json::value& body = {}) {
        const net::server_response answered = call(method, target, body);
        INFO(answered.body);
        REQUIRE(answered.status < 300);
        return json::parse(answered.body).as_object();
    }

    // The error's code, and 0 where there is none.
    int refusal(const std::string& method, const std::string& target, const json::value& body = {}) {
        const net::server_response answered = call(method, target, body);
        return answered.status < 300 ? 0 : json::parse(answered.body).at("error").at("code").to_number<int>();
    }

    static json::object incident(const std::string& key, const std::string& service = "PSVCDB01") {
        return {
            {"incident",
             {{"title", "t"},
              {"incident_key", key},
              {"service", {{"id", service}, {"type", "service_reference"}}}}}};
    }

    pagerduty::state at;
    std::string from = "hallpass@example.com";
};

struct opsgenie_account {
    net::server_response call(
        const std::string& method,
        const std::string& target,
        const json::value& body = {},
        std::string key = ""
    ) {
        return opsgenie::answer_api_call(
            at, request_for(method, target, body, "GenieKey " + (key.empty() ? at.key : key))
        );
    }

    json::object ask(const std::string& method, const std::string& target, const json::value& body = {}) {
        const net::server_response answered = call(method, target, body);
        INFO(answered.body);
        REQUIRE(answered.status < 300);
        return json::parse(answered.body).as_object();
    }

    opsgenie::state at;
};

} // namespace

TEST_CASE("PagerDuty refuses wrong keys, writing with a read-only one, and a From that is nobody") {
    pagerduty_account all;
    CHECK(all.call("GET", "/users", {}, "wrong").status == 401);
    CHECK(all.call("GET", "/users", {}, all.at.read_only_key).status == 200);
    CHECK(
        all.call("POST", "/incidents", pagerduty_account::incident("k"), all.at.read_only_key).status == 403
    );
    all.from = "nobody@example.com";
    CHECK(all.refusal("POST", "/incidents", pagerduty_account::incident("k")) == 1008);
    CHECK(all.refusal("GET", "/no-such-thing") == 2100);
}

TEST_CASE("PagerDuty takes one open incident for a key and a service, and another once it is resolved") {
    pagerduty_account all;
    const std::string id(
        all.ask("POST", "/incidents", pagerduty_account::incident("k")).at("incident").at("id").as_string()
    );
    CHECK(all.refusal("POST", "/incidents", pagerduty_account::incident("k")) == 2001);
    CHECK(all.refusal("POST", "/incidents", pagerduty_account::incident("k", "PSVCWEB1")) == 0);
    const json::object resolve{{"incident", {{"type", "incident_reference"}, {"status", "resolved"}}}};
    CHECK(all.refusal("PUT", "/incidents/" + id, resolve) == 0);
    CHECK(all.refusal("PUT", "/incidents/" + id, resolve) == 1001);
    CHECK(all.refusal("POST", "/incidents", pagerduty_account::incident("k")) == 0);
    const json::object found =
        all.ask("GET", "/incidents?incident_key=k&service_ids%5B%5D=PSVCDB01&date_range=all");
    CHECK(found.at("incidents").as_array().size() == 2);
}

TEST_CASE("PagerDuty refuses incidents without title or service, and calls nobody who made one") {
    pagerduty_account all;
    CHECK(all.refusal("POST", "/incidents", {{"incident", {{"title", ""}}}}) == 2001);
    CHECK(all.refusal("POST", "/incidents", pagerduty_account::incident("k", "PNOWHERE")) == 2001);
    all.at.shifts.push_back({"PHALLPA1", "PPOLDB01", "", 1});
    const json::object made = all.ask("POST", "/incidents", pagerduty_account::incident("k"));
    CHECK(made.at("incident").at("status") == "acknowledged");
}

TEST_CASE("PagerDuty gives lists page by page") {
    pagerduty_account all;
    const json::object page = all.ask("GET", "/users?limit=2&offset=1");
    CHECK(page.at("users").as_array().size() == 2);
    CHECK(page.at("more") == true);
    CHECK(all.refusal("GET", "/users?limit=100&offset=9950") == 2001);
    CHECK(all.ask("GET", "/oncalls?user_ids%5B%5D=PBOB0001").at("oncalls").as_array().size() == 1);
    CHECK(all.ask("GET", "/oncalls?user_ids%5B%5D=PALICE01").at("oncalls").as_array().empty());
}

TEST_CASE("a webhook is signed as OpenSSL signs it") {
    // openssl dgst -sha256 -hmac pd-secret
    CHECK(
        pagerduty::webhook_signature("pd-secret", R"({"event":{}})") ==
        "v1=77fb999cdab1e010c5ae57458638a56696f56610cdadede6c7ceb94c77843e0b"
    );
}

TEST_CASE("Opsgenie takes an alert first, and makes it a moment later, once for an open alias") {
    opsgenie_account all;
    all.at.lag = std::chrono::hours(1);
    const json::object wanted{{"message", "m"}, {"alias", "teleport-access-request/1"}};
    const std::string first(all.ask("POST", "/v2/alerts", wanted).at("requestId").as_string());
    const net::server_response early = all.call("GET", "/v2/alerts/requests/" + first);
    CHECK(early.status == 404);
    CHECK(ports::find_header(early.headers, "X-Opsgenie-Errortype") == "RequestNotProcessed");
    all.at.lag = std::chrono::milliseconds(0);
    const std::string second(all.ask("POST", "/v2/alerts", wanted).at("requestId").as_string());
    CHECK(all.ask("GET", "/v2/alerts/requests/" + second).at("data").at("isSuccess") == true);
    REQUIRE(all.at.alerts.size() == 1);
    CHECK(all.at.alerts[0].count == 2);
    const json::object found = all.ask("GET", "/v2/alerts/teleport-access-request/1?identifierType=alias");
    CHECK(found.at("data").at("status") == "open");
}

TEST_CASE("Opsgenie refuses what is too long, unknown responders, and keys that may not") {
    opsgenie_account all;
    CHECK(all.call("POST", "/v2/alerts", {{"message", std::string(131, 'x')}}).status == 422);
    const json::array unknown{json::object{{"type", "schedule"}, {"name", "Nowhere"}}};
    CHECK(all.call("POST", "/v2/alerts", {{"message", "m"}, {"responders", unknown}}).status == 422);
    CHECK(all.call("POST", "/v2/alerts", {{"message", "m"}}, all.at.reading_key).status == 403);
    CHECK(all.call("GET", "/v2/schedules/Database?identifierType=name", {}, "wrong").status == 401);
    CHECK(all.call("GET", "/jsm/ops/api/sandbox-cloud/v1/schedules").status == 401);
}

TEST_CASE("a change to an alert that isn't there is taken, and comes to nothing") {
    opsgenie_account all;
    all.at.lag = std::chrono::milliseconds(0);
    const json::object taken = all.ask("POST", "/v2/alerts/nowhere/close?identifierType=id", json::object());
    const json::object ended =
        all.ask("GET", "/v2/alerts/requests/" + std::string(taken.at("requestId").as_string()));
    CHECK(ended.at("data").at("isSuccess") == false);
}

TEST_CASE("calls are named without their ids, for faults") {
    const auto named = [](const char* method, const char* path) {
        net::server_request request;
        request.method = method;
        request.path = path;
        return request;
    };
    CHECK(
        pagerduty::name_of_api_call(named("POST", "/incidents/PI000001/notes")) ==
        "POST /incidents/{id}/notes"
    );
    CHECK(
        opsgenie::name_of_api_call(named("POST", "/jsm/ops/integration/v2/alerts/1-2/close")) ==
        "POST alerts/{id}/close"
    );
}
