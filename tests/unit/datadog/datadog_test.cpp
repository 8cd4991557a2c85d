#include "../services/golden.hpp"
#include "../services/read_section.hpp"
#include "../services/samples.hpp"
#include "../services/scripted_http.hpp"
#include "config/load.hpp"
#include "services/datadog/client.hpp"
#include "services/datadog/datadog_kind.hpp"
#include "services/datadog/messages.hpp"
#include "services/datadog/replies.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <array>
#include <fstream>

using namespace hallpass;
using namespace hallpass::services::datadog;
using namespace hallpass::test;
using access::address;
using access::delivery_key;
using access::message_ref;
using access::request_state;
namespace json = boost::json;

namespace {

using texts = std::vector<std::string>;

const delivery_key card_key(sample_request().id, "card");
const message_ref incident("aaaa-1", "aaaa-1");

datadog_config settings_of() {
    datadog_config made;
    made.api_endpoint = "https://api.datadog.example/";
    made.api_key = secret("the-api-key");
    made.application_key = secret("the-application-key");
    made.fallback_recipients = {"fallback@example.com"};
    return made;
}

struct bench : service_bench {
    bench() : datadog(settings_of(), environment()) {
        time.time = instant(std::chrono::seconds(1'700'000'000));
    }

    ports::service_environment environment() {
        ports::service_environment made{http, time, log};
        made.routing = &routing;
        return made;
    }

    void script(std::string body, int status = 200) {
        http.script.emplace_back(answer(std::move(body), status));
    }

    access::routing_table routing{{{"prod-admin", {"oncall@example.com", "platform"}}, {"*", {"everybody"}}}};
    datadog_service datadog;
};

std::string
found_incident(const std::string& summary, const std::string& created = "2023-11-14T22:13:20.000Z") {
    return R"({"data":{"id":"aaaa-1","attributes":{"created":")" + created +
           R"(","fields":{"summary":{"type":"textbox","value":)" + json::serialize(json::string(summary)) +
           "}}}}}";
}

std::string page(const std::string& incidents) {
    return R"({"data":{"attributes":{"total":1,"incidents":[)" + incidents + "]}}}";
}

auto read(const std::string& section) {
    return test::read_section(section, &read_config);
}

} // namespace

TEST_CASE("upstream's keys are all that Datadog needs") {
    const auto [made, said] = read("api_key = \"a\"\napplication_key = \"b\"");
    REQUIRE(made);
    CHECK(said == texts{});
    CHECK(made->api_endpoint == "https://api.datadoghq.com/");
    CHECK(made->severity == "SEV-3");
    CHECK(read("api_key = \"a\"\napplication_key = \"b\"\nseverity = \"high\"").said.size() == 1);
    CHECK(
        read("api_key = \"a\"\napplication_key = \"b\"\napi_endpoint = \"https://app.datadoghq.eu\"")
            .said.size() == 1
    );
    CHECK(
        read("").said ==
        texts{
            "error: F: api_key: is missing; set it to an API key of the organisation, or to the path of a "
            "file with it",
            "error: F: application_key: is missing; set it to an application key with incident_read and "
            "incident_write, or to the path of a file with it"}
    );
}

TEST_CASE("the printed example is a configuration") {
    std::string example(services::datadog::datadog_kind.example);
    for (const std::string path :
         {"/etc/hallpass/datadog-api-key", "/etc/hallpass/datadog-application-key"}) {
        example.replace(example.find(path), path.size(), "x");
    }
    std::ofstream(SCRATCH_FILE) << example;
    const std::array<const ports::service_kind*, 1> kinds{&services::datadog::datadog_kind};
    const auto loaded = config::load(SCRATCH_FILE, kinds);
    for (const problem& one : *loaded.found) {
        INFO(one.text);
        CHECK(one.level == problem_level::warning);
    }
    CHECK(loaded.value);
}

TEST_CASE("an incident says who asks for what and why, and tells people and teams") {
    const addressees to = sort_recipients({"bob@example.com", "platform", ""});
    CHECK(to.handles == texts{"@bob@example.com"});
    CHECK(to.teams == texts{"platform"});
    check_golden("new", new_incident(approver_card(sample_request()), to, "SEV-3"));
    check_golden("hostile", new_incident(approver_card(hostile_request()), {}, "SEV-3"));
    check_golden(
        "denied",
        changed_incident(
            "aaaa-1", approver_card(resolved(reviewed_request(), request_state::denied, "Not tonight."))
        )
    );
    check_golden(
        "cell", timeline_cell(approver_card(reviewed_request()), 1, {sample_request().id, "review-2"})
    );
}

TEST_CASE("nothing that a stranger writes formats, links or notifies") {
    CHECK(escaped("*b* [x](y) <u>") == "\\*b\\* \\[x\\]\\(y\\) \\<u\\>");
    CHECK(escaped("prod-admin a_b -x-") == "prod-admin a_b \\-x\\-");
    CHECK(escaped("alice@example.com") == "alice@example.com");
    CHECK(
        escaped("@here https://e") == "@\xE2\x80\x8B"
                                      "here https:\xE2\x80\x8B//e"
    );
}

TEST_CASE("however long a request is, it fits and keeps who, which and where") {
    for (const std::string unit : {"x", "*", "日本", "@a ", "a\n", "\xff"}) {
        auto request = huge_request(unit);
        request.state = request_state::denied;
        const auto card = approver_card(request);
        const std::string text = summary(card);
        CHECK(text.size() <= 8000);
        CHECK(text.find(card.request_id) != std::string::npos);
        CHECK(text.find(card.link) != std::string::npos);
        CHECK(services::ends_with_mark(text, card_key));
    }
}

TEST_CASE("everybody who is told is on one incident; suggested reviewers too, and otherwise the fallback") {
    const auto handles_after = [](bench& all, const access::access_request& request, bool asked_before) {
        if (asked_before) {
            CHECK(all.datadog.recipients(request) == texts{"incidents"});
        }
        all.script(R"({"data":{"id":"aaaa-1"}})", 201);
        const auto sent =
            all.run([&] { return all.datadog.post(address("incidents"), approver_card(request), card_key); });
        REQUIRE(sent.has_value());
        CHECK(*sent == incident);
        return json::serialize(all.body_of(0).at("data").at("attributes"));
    };
    auto request = sample_request();
    request.suggested_reviewers = {"carol@example.com"};
    bench all;
    const std::string with_all = handles_after(all, request, true);
    CHECK(with_all.find("@oncall@example.com") != std::string::npos);
    CHECK(with_all.find("@carol@example.com") != std::string::npos);
    CHECK(with_all.find("everybody") != std::string::npos);
    CHECK(ports::find_header(all.http.asked.front().headers, "DD-API-KEY") == "the-api-key");
    CHECK(ports::find_header(all.http.asked.front().headers, "DD-APPLICATION-KEY") == "the-application-key");
    bench restarted;
    CHECK(handles_after(restarted, request, false).find("@oncall@example.com") != std::string::npos);
    bench nobody;
    nobody.routing = {};
    datadog_service alone(settings_of(), nobody.environment());
    nobody.script(R"({"data":{"id":"aaaa-1"}})", 201);
    nobody.run([&] { return alone.post(address("incidents"), approver_card(request), card_key); });
    CHECK(nobody.http.asked.front().body.find("@fallback@example.com") != std::string::npos);
}

TEST_CASE("an incident is found by the key at the end of its summary") {
    bench all;
    const auto look = [&] {
        return all.run([&] {
            return all.datadog.find(
                address("incidents"), {}, card_key, all.time.time - std::chrono::minutes(1)
            );
        });
    };
    all.time.time += std::chrono::minutes(1);
    all.script(page(found_incident("quotes hallpass " + sample_request().id + " card\n\nhallpass x card")));
    const auto quoted = look();
    REQUIRE(quoted.has_value());
    CHECK_FALSE(quoted->has_value());
    all.script(page(found_incident(summary(approver_card(sample_request())))));
    const auto found = look();
    REQUIRE(found.has_value());
    CHECK(*found == incident);
    CHECK(all.http.asked.front().url.find("incidents/search?query=state") != std::string::npos);
    const auto in_timeline = all.run([&] { return all.datadog.find(address("x"), incident, card_key, {}); });
    REQUIRE(in_timeline.has_error());
    CHECK(in_timeline.error().kind() == fault_kind::unsupported);
}

TEST_CASE("after a lost answer the search is asked until it must know") {
    bench all;
    all.time.time += std::chrono::hours(1);
    all.script("{}", 502);
    const auto lost = all.run([&] { return all.datadog.post(address("incidents"), {}, card_key); });
    REQUIRE(lost.has_error());
    CHECK(lost.error().uncertain());
    all.script(page(""));
    const auto early =
        all.run([&] { return all.datadog.find(address("incidents"), {}, card_key, all.time.time); });
    REQUIRE(early.has_error());
    CHECK(early.error().kind() == fault_kind::transient);
    CHECK(early.error().retry_after() == std::chrono::seconds(15));
    all.time.time += std::chrono::seconds(16);
    all.script(page(""));
    const auto absent =
        all.run([&] { return all.datadog.find(address("incidents"), {}, card_key, all.time.time); });
    REQUIRE(absent.has_value());
    CHECK_FALSE(absent->has_value());
}

TEST_CASE("where the timeline is gone the review counts as told, and the log says so once") {
    bench all;
    const auto card = approver_card(reviewed_request());
    for (const std::size_t index : {0U, 1U}) {
        all.script(R"({"errors":["Not Found"]})", 404);
        CHECK(all.run([&] {
                     return all.datadog.reply(incident, card, index, {"id", "review-1"});
                 }
        ).has_value());
    }
    CHECK(
        all.log.text.find("datadog_timeline_unavailable") ==
        all.log.text.rfind("datadog_timeline_unavailable")
    );
    all.script(R"({"errors":["x"]})", 500);
    CHECK(all.run([&] { return all.datadog.reply(incident, card, 0, {"id", "review-1"}); }).has_error());
    CHECK(all.run([&] { return all.datadog.reply(incident, card, 2, {"id", "review-3"}); }).has_error());
}

TEST_CASE("check finds keys that are refused or may not write") {
    const auto checked = [](const std::string& incidents, int status, const std::string& permissions) {
        bench all;
        all.script(incidents, status);
        all.script(permissions);
        const auto said = all.run([&] { return all.datadog.check(); });
        return said.has_value() ? *said : said.error().text();
    };
    const auto listed = [](const std::string& name, const std::string& restricted) {
        return R"({"data":[{"attributes":{"name":")" + name + R"(","restricted":)" + restricted + "}}]}";
    };
    CHECK(
        checked("{}", 200, listed("incident_write", "false")) == "incidents at https://api.datadog.example/"
    );
    CHECK(
        checked("{}", 200, listed("incident_write", "true")).find("lacks incident_write") != std::string::npos
    );
    CHECK(checked("{}", 200, listed("another", "false")).find("lacks incident_write") != std::string::npos);
    CHECK(checked("{}", 200, R"({"data":[]})") == "incidents at https://api.datadog.example/");
    CHECK(
        checked(R"({"errors":["Forbidden"]})", 403, "{}")
            .find("HTTP 403: Forbidden; check datadog.api_key") != std::string::npos
    );
}

TEST_CASE("Datadog's two forms of errors are one clear line of their kind") {
    const auto refused = [](const std::string& body, int status, ports::http_headers headers = {}) {
        const auto made = read_reply("POST x", true, answer(body, status, std::move(headers)));
        REQUIRE(made.has_error());
        return made.error();
    };
    CHECK(refused(R"({"errors":["one","two"]})", 400).text() == "Datadog POST x: HTTP 400: one; two");
    CHECK(
        refused(R"({"errors":[{"status":"400","title":"Bad","detail":"no title"}]})", 400).text() ==
        "Datadog POST x: HTTP 400: Bad: no title"
    );
    CHECK(refused("{}", 401).kind() == fault_kind::unauthorised);
    CHECK(refused("{}", 404).kind() == fault_kind::not_found);
    const fault limited = refused(R"({"errors":["x"]})", 429, {{"X-RateLimit-Reset", "9"}});
    CHECK(limited.kind() == fault_kind::rate_limited);
    CHECK(limited.retry_after() == std::chrono::seconds(9));
    CHECK(refused("<html>", 200).uncertain());
    CHECK(refused("{}", 500).uncertain());
    CHECK(read_reply("PATCH x", false, answer("", 204)).has_value());
}

TEST_CASE("who is on call in a team of the request is told by their e-mail, in any case of letters") {
    auto request = sample_request();
    request.system_annotations["teleport.dev/schedules"] = {"platform"};
    for (const auto& [email, is] :
         {std::pair("alice@example.com", true), std::pair("Alice@Example.com", true),
          std::pair("alice", false)}) {
        bench all;
        all.script(R"({"data":[{"id":"t0","attributes":{"handle":"platform-eu","name":"x"}},
                              {"id":"t1","attributes":{"handle":"x","name":"platform"}}]})");
        all.script(
            R"({"data":{"relationships":{"responders":{"data":[{"id":"u1","type":"users"}]}}},
                       "included":[{"id":"u1","type":"users","attributes":{"email":")" +
            std::string(email) + R"("}},
                                   {"id":"u2","type":"users","attributes":{"email":"alice@example.com"}}]})"
        );
        const auto found = all.run([&] { return all.datadog.on_call(request); });
        REQUIRE(found.has_value());
        CHECK(found->has_value() == is);
        CHECK(all.http.asked.at(1).url.find("on-call/teams/t1/on-call") != std::string::npos);
    }
}
