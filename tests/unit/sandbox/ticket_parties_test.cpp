#include "sandbox/datadog/datadog_party.hpp"
#include "sandbox/jira/jira_party.hpp"
#include "sandbox/servicenow/servicenow_party.hpp"
#include "sandbox/servicenow/servicenow_tables.hpp"
#include "sandbox/stderr_log.hpp"
#include "support/run_coroutine.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <optional>

using namespace hallpass;
using namespace hallpass::sandbox;
namespace json = boost::json;

namespace {

struct party_bench {
    explicit party_bench(const third_party_kind& kind)
        : party(kind.make({context.get_executor(), out, changes, pollers, ""})) {
        party->listening_at("https://127.0.0.1:1/");
    }

    net::server_response send(
        const std::string& method, const std::string& path, const std::string& body = "", bool known = true
    ) {
        net::server_request request;
        request.method = method;
        request.path = path.substr(0, path.find('?'));
        request.query = path.find('?') == std::string::npos ? "" : path.substr(path.find('?') + 1);
        request.body = body;
        request.headers = {{"Content-Type", content_type}, {"Accept", "application/json"}};
        if (known) {
            request.headers.insert(request.headers.end(), credentials.begin(), credentials.end());
        }
        std::optional<net::server_response> got;
        context.restart();
        test::run_coroutine(context, [&]() -> boost::asio::awaitable<void> {
            net::server_response made = co_await party->answer(std::move(request));
            got.emplace(std::move(made));
        });
        return std::move(*got);
    }

    json::value command(const std::string& what, json::object body) {
        std::optional<json::value> got;
        context.restart();
        test::run_coroutine(context, [&]() -> boost::asio::awaitable<void> {
            control_command asked;
            asked.method = "POST";
            asked.path.push_back(what);
            asked.body = std::move(body);
            const outcome<json::value> made = co_await party->command(std::move(asked));
            got.emplace(made ? *made : json::value(nullptr));
        });
        return std::move(*got);
    }

    boost::asio::io_context context;
    stderr_log out;
    change_signal changes;
    waits pollers;
    std::unique_ptr<third_party> party;
    ports::http_headers credentials;
    std::string content_type = "application/json";
};

struct jira_bench : party_bench {
    jira_bench() : party_bench(jira::jira_kind) {
        credentials = {{"Authorization", "Basic aGFsbHBhc3NAZXhhbXBsZS5jb206amlyYS1zYW5kYm94LXRva2Vu"}};
    }

    static std::string issue(const std::string& description, const std::string& type = "Task") {
        return R"({"fields":{"project":{"key":"ACCESS"},"issuetype":{"name":")" + type +
               R"("},"summary":"s","description":)" + description + "}}";
    }

    static constexpr const char* adf = R"({"type":"doc","version":1,"content":[]})";
};

} // namespace

TEST_CASE("the simulated Jira refuses what Jira refuses") {
    jira_bench all;
    CHECK(all.send("GET", "/rest/api/3/myself", "", false).status == 401);
    CHECK(all.send("GET", "/rest/api/3/myself").status == 200);
    CHECK(all.send("POST", "/rest/api/3/issue", jira_bench::issue("\"text\"")).status == 400);
    CHECK(all.send("POST", "/rest/api/3/issue", jira_bench::issue(jira_bench::adf, "Epic")).status == 400);
    CHECK(all.send("POST", "/rest/api/3/search", "{}").status == 410);
    const auto made = all.send("POST", "/rest/api/3/issue", jira_bench::issue(jira_bench::adf));
    CHECK(made.status == 201);
    const std::string issue = "/rest/api/3/issue/" + std::string(json::parse(made.body).at("id").as_string());
    CHECK(all.send("POST", issue + "/transitions", R"({"transition":{"id":"7"}})").status == 400);
    CHECK(all.send("POST", issue + "/transitions", R"({"transition":{"id":"100002"}})").status == 204);
    CHECK(all.send("POST", issue + "/transitions", R"({"transition":{"id":"100002"}})").status == 400);
    int last = 201;
    for (int i = 0; i < 20 && last == 201; ++i) {
        last =
            all.send("POST", issue + "/comment", R"({"body":)" + std::string(jira_bench::adf) + "}").status;
    }
    CHECK(last == 429); // of writes to one issue
    CHECK(all.party->view().at("conversations").at(0).at("messages").as_array().size() == 1);
}

TEST_CASE("the simulated Jira answers what other clients ask beside hallpass's questions") {
    jira_bench all;
    const auto ask = [&](const std::string& path) {
        const net::server_response answered = all.send("GET", path);
        CHECK(answered.status == 200);
        return json::parse(answered.body);
    };
    CHECK(ask("/rest/api/3/serverInfo").at("versionNumbers").as_array().size() == 3);
    CHECK(ask("/rest/api/3/field").as_array().empty());
    const auto made = all.send("POST", "/rest/api/3/issue", jira_bench::issue(jira_bench::adf));
    const json::value id = json::parse(made.body).at("id");
    // A form's blanks, and a body's.
    for (const char* blank : {"+", "%20"}) {
        std::string jql = "project_=_%22ACCESS%22_AND_created_%3E%3D_%22-9m%22";
        for (std::size_t at = jql.find('_'); at != std::string::npos; at = jql.find('_')) {
            jql.replace(at, 1, blank);
        }
        CHECK(ask("/rest/api/3/search/jql?jql=" + jql).at("issues").at(0).at("id") == id);
    }
    const std::string issue = "/rest/api/3/issue/" + std::string(id.as_string());
    CHECK(ask(issue + "/transitions").at("transitions").as_array().size() == 3);
    CHECK(all.send("POST", issue + "/transitions", R"({"transition":{"id":100002}})").status == 204);
}

TEST_CASE("the simulated ServiceNow refuses what ServiceNow refuses, and ignores what it ignores") {
    party_bench all(servicenow::servicenow_kind);
    all.credentials = {{"Authorization", "Bearer servicenow-sandbox-bearer"}};
    const std::string table = "/api/now/table/incident";
    CHECK(all.send("GET", table, "", false).status == 401);
    CHECK(all.send("POST", "/oauth_token.do", "client_id=x").status == 401);
    const auto made = all.send("POST", table, R"({"short_description":"s","correlation_id":"a"})");
    CHECK(made.status == 201);
    const std::string id(json::parse(made.body).at("result").at("sys_id").as_string());
    const auto policy = all.send("PATCH", table + '/' + id, R"({"state":"7"})");
    CHECK(policy.status == 403);
    CHECK(policy.body.find("Data Policy Exception") != std::string::npos);
    const auto count = [&](const std::string& query) {
        const auto found = all.send("GET", table + "?sysparm_query=" + query);
        return json::parse(found.body).at("result").as_array().size();
    };
    CHECK(count("correlation_id%3Da") == 1);
    CHECK(count("correlation_id%3Db") == 0);
    CHECK(count("corelation_id%3Db") == 1); // a misspelt column is left out in silence
    CHECK(count("stateIN1,2") == 1);
    CHECK(count("stateNOT%20IN1,2") == 0);
}

TEST_CASE("the simulated ServiceNow reads journals back empty, counts what it lists, and takes a read "
          "without a type") {
    party_bench all(servicenow::servicenow_kind);
    all.credentials = {{"Authorization", "Bearer servicenow-sandbox-bearer"}};
    const std::string table = "/api/now/table/incident";
    const auto made = all.send("POST", table, R"({"short_description":"one","work_notes":"made"})");
    const json::value record = json::parse(made.body).at("result");
    CHECK(record.at("work_notes") == "");
    CHECK(record.at("close_code") == "");
    const auto journal = all.send("GET", "/api/now/table/sys_journal_field");
    CHECK(json::parse(journal.body).at("result").as_array().size() == 1);
    all.send("POST", table, R"({"short_description":"two"})");
    const auto page = all.send("GET", table + "?sysparm_limit=1&sysparm_offset=1");
    CHECK(json::parse(page.body).at("result").at(0).at("short_description") == "two");
    const bool counted = std::any_of(page.headers.begin(), page.headers.end(), [](const auto& header) {
        return header.first == "X-Total-Count" && header.second == "2";
    });
    CHECK(counted);
    all.content_type = "";
    CHECK(all.send("GET", table).status == 200);
    CHECK(all.send("POST", table, "{}").status == 400);
}

TEST_CASE("the simulated Datadog refuses what Datadog refuses") {
    party_bench all(datadog::datadog_kind);
    all.credentials = {
        {"DD-API-KEY", "datadog-sandbox-api-key"}, {"DD-APPLICATION-KEY", "datadog-sandbox-application-key"}};
    CHECK(all.send("GET", "/api/v2/permissions", "", false).status == 401);
    const std::string incidents = "/api/v2/incidents";
    CHECK(
        all.send("POST", incidents, R"({"data":{"type":"incidents","attributes":{"title":"t"}}})").status ==
        400
    );
    const auto made = all.send(
        "POST", incidents,
        R"({"data":{"type":"incidents","attributes":{"title":"t","customer_impacted":false}}})"
    );
    CHECK(made.status == 201);
    const std::string one =
        incidents + '/' + std::string(json::parse(made.body).at("data").at("id").as_string());
    CHECK(all.send("PATCH", one, R"({"data":{"type":"incidents","attributes":{}}})").status == 400);
    CHECK(all.send("POST", one + "/timeline", "{}").status == 201);
    all.command("site", {{"timeline", false}});
    CHECK(all.send("POST", one + "/timeline", "{}").status == 404);
}

TEST_CASE("the simulated Datadog shows incidents, and answers in the form of Datadog's document") {
    party_bench all(datadog::datadog_kind);
    all.credentials = {
        {"DD-API-KEY", "datadog-sandbox-api-key"}, {"DD-APPLICATION-KEY", "datadog-sandbox-application-key"}};
    const auto ask = [&](const std::string& path) {
        const net::server_response answered = all.send("GET", "/api/v2/" + path);
        CHECK(answered.status == 200);
        return json::parse(answered.body);
    };
    const auto made = all.send(
        "POST", "/api/v2/incidents",
        R"({"data":{"type":"incidents","attributes":{"title":"t","customer_impacted":false}}})"
    );
    const json::value id = json::parse(made.body).at("data").at("id");
    CHECK(ask("incidents").at("data").at(0).at("id") == id);
    CHECK(ask("incidents/" + std::string(id.as_string())).at("data").at("id") == id);
    CHECK(all.send("GET", "/api/v2/incidents/00000000-0000-4000-8000-000000000009").status == 404);
    CHECK(ask("incidents/search?query=state:active").at("data").at("attributes").at("facets").is_object());
    all.command("on_call", {{"team", "dba"}, {"user", "bob@example.com"}});
    CHECK(ask("on-call/teams/team-dba/on-call").at("data").at("type") == "team_oncall_responders");
}
