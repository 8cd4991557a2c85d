// A Jira service with everything around it scripted.
#pragma once

#include "../services/samples.hpp"
#include "../services/scripted_desk.hpp"
#include "../services/scripted_http.hpp"
#include "services/jira/client.hpp"

#include <string>
#include <vector>

namespace hallpass::test {

inline constexpr const char* webhook_secret = "It's a Secret to Everybody";

inline services::jira::jira_config jira_settings(bool cloud = true) {
    services::jira::jira_config made;
    made.url = "https://jira.example/";
    made.api_url = made.url;
    made.username = cloud ? "bot@example.com" : "";
    made.token = secret("the.secret-token");
    made.cloud = cloud;
    made.project = "ACCESS";
    made.webhook_secret = secret(webhook_secret);
    return made;
}

struct bench : service_bench {
    explicit bench(bool cloud = true)
        : jira(jira_settings(cloud), ports::service_environment{http, time, log}), desk(context) {
        time.time = instant(std::chrono::seconds(1'700'000'000));
        if (!cloud) {
            script(R"({"deploymentType":"Server"})");
        }
    }

    void script(std::string body, int status = 200) {
        http.script.emplace_back(answer(std::move(body), status));
    }

    // "GET rest/api/3/myself" of each call, without queries.
    std::vector<std::string> calls() const {
        std::vector<std::string> all;
        for (const ports::http_request& one : http.asked) {
            const std::string url = one.url.substr(std::string_view("https://jira.example/rest/api/").size());
            all.push_back(std::string(to_string(one.method)) + ' ' + url.substr(0, url.find('?')));
        }
        return all;
    }

    services::jira::jira_service jira;
    scripted_desk desk;
};

} // namespace hallpass::test
