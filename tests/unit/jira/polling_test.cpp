#include "../services/scripted_desk.hpp"
#include "bench.hpp"
#include "simulation/virtual_clock.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace hallpass;
using namespace hallpass::test;
using namespace std::chrono_literals;
using access::decision_result;

namespace {

// Answers by what is asked, for as long as it is asked.
class steady_jira final : public ports::http_client {
public:
    boost::asio::awaitable<result<ports::http_response>> send(ports::http_request request) override {
        asked.push_back(request.url);
        const std::string& url = asked.back();
        if (url.find("search/jql") != std::string::npos) {
            queries.push_back(request.body);
            co_return answer(search_status == 200 ? found : "{}", search_status);
        }
        if (url.ends_with("/myself")) {
            co_return answer(R"({"accountId":"me"})");
        }
        if (url.find("/user?") != std::string::npos) {
            co_return answer(R"({"accountId":"bob","accountType":"atlassian","active":true})");
        }
        if (url.find("/comment") != std::string::npos) {
            co_return answer(R"({"id":"1","total":0,"comments":[]})");
        }
        co_return answer(
            R"({"id":"10001","key":"ACCESS-1","fields":{"status":{"id":"2","name":"Approved"},
            "creator":{"accountId":"me"}},"properties":{"teleportAccessRequestId":")" +
            sample_request().id +
            R"("},"transitions":[],"changelog":{"histories":[{"id":"77","author":{"accountId":"bob"},
            "created":")" +
            moved_at + R"(","items":[{"field":"status","fieldtype":"jira",
            "from":"1","to":"2"}]}]}})"
        );
    }

    long reads() const {
        return std::count_if(asked.begin(), asked.end(), [](const std::string& url) {
            return url.find("issue/10001?") != std::string::npos;
        });
    }

    std::string found =
        R"({"issues":[{"id":"10001","fields":{"status":{"name":"Approved"},"updated":"then"}},
                      {"id":"10002","fields":{"status":{"name":"Pending"},"updated":"then"}},
                      {"id":"../x","fields":{"status":{"name":"Approved"},"updated":"then"}}]})";
    int search_status = 200;
    std::string moved_at = "2020-01-01T00:00:00Z";
    std::vector<std::string> asked;
    std::vector<std::string> queries;
};

services::jira::jira_config polling_settings(bool with_webhooks) {
    services::jira::jira_config made = jira_settings();
    made.webhook_secret = secret(with_webhooks ? webhook_secret : "");
    made.poll_interval = 15s;
    return made;
}

struct polling_bench {
    explicit polling_bench(bool with_webhooks = false)
        : jira(polling_settings(with_webhooks), ports::service_environment{http, time, log}) {
        desk.found = std::optional(ports::shown_request{sample_request(), approver_card(sample_request())});
        desk.outcome.what = decision_result::accepted;
    }

    ~polling_bench() {
        desk.stop();
        time.run_ready();
    }

    void begin() { jira.take_decisions(desk); }

    void pass(std::chrono::milliseconds some) {
        time.run_until([] { return false; }, some);
    }

    boost::asio::io_context context;
    simulation::virtual_clock time{context};
    steady_jira http;
    kept_log log;
    scripted_desk desk{context};
    services::jira::jira_service jira;
};

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("a moved issue is found by asking, read and decided once, until it is changed again") {
    polling_bench all;
    all.begin();
    all.pass(1s);
    REQUIRE(all.desk.decisions.size() == 1);
    CHECK(all.desk.decisions.front().person.id == "bob");
    CHECK(all.desk.asked_for == "jira " + sample_request().id + " 10001");
    REQUIRE(all.http.queries.size() == 1);
    CHECK(has(
        all.http.queries[0], R"(project = \"ACCESS\" AND creator = currentUser() AND updated >= \"-1450m\")"
    ));
    all.pass(1min);
    CHECK(all.http.queries.size() == 5);
    CHECK(all.http.reads() == 1);
    // Once nothing is open, it asks for what is new alone.
    CHECK(has(all.http.queries.back(), R"(\"-11m\")"));
    all.http.found.replace(all.http.found.find("then"), 4, "later");
    all.pass(15s);
    CHECK(all.http.reads() == 2);
}

TEST_CASE("beside webhooks, what is found is left to them until the next look") {
    polling_bench all(true);
    all.begin();
    all.pass(14s);
    CHECK(all.http.queries.size() == 1);
    CHECK(all.desk.decisions.empty());
    all.pass(2s);
    CHECK(all.desk.decisions.size() == 1);
}

TEST_CASE("a move that can't be decided yet is found again") {
    polling_bench all;
    all.desk.outcome.what = decision_result::unreachable;
    all.begin();
    all.pass(10s);
    const std::size_t tried = all.desk.decisions.size();
    CHECK(tried > 0);
    all.desk.outcome.what = decision_result::accepted;
    all.pass(10s);
    CHECK(all.desk.decisions.size() == tried + 1);
    all.pass(1min);
    CHECK(all.desk.decisions.size() == tried + 1);
}

TEST_CASE("the end of a request is left to whoever is told of it, for a minute") {
    polling_bench all;
    const auto over = resolved(sample_request(), access::request_state::denied, "");
    all.desk.found = std::optional(ports::shown_request{over, approver_card(over)});
    all.http.moved_at = to_rfc3339(all.time.now());
    all.pass(30s);
    all.begin();
    all.pass(16s);
    CHECK(all.http.reads() == 2);
    const auto settles = [&] {
        return std::any_of(all.http.asked.begin(), all.http.asked.end(), [](const std::string& url) {
            return has(url, "/comment");
        });
    };
    CHECK_FALSE(settles());
    all.pass(30s);
    CHECK(settles());
    CHECK(all.desk.decisions.empty());
}

TEST_CASE("a Jira that doesn't answer is asked less often, and that is told once") {
    polling_bench all;
    all.http.search_status = 500;
    all.begin();
    all.pass(10min);
    CHECK(all.http.queries.size() >= 3);
    CHECK(all.http.queries.size() <= 8);
    const std::size_t first = all.log.text.find("jira_moves_not_read");
    REQUIRE(first != std::string::npos);
    CHECK(all.log.text.find("jira_moves_not_read", first + 1) == std::string::npos);
    all.http.search_status = 200;
    all.pass(5min);
    CHECK(all.desk.decisions.size() == 1);
}
