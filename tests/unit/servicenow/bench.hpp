// A ServiceNow service with everything around it scripted.
#pragma once

#include "../services/samples.hpp"
#include "../services/scripted_desk.hpp"
#include "../services/scripted_http.hpp"
#include "services/servicenow/client.hpp"

#include <string>
#include <vector>

namespace hallpass::test {

inline constexpr const char* webhook_secret = "a secret of the right length";
inline constexpr const char* incident_id = "000000000000000000000000000000aa";
inline constexpr const char* row_id = "000000000000000000000000000000bb";
inline constexpr const char* bob_id = "000000000000000000000000000000cc";

inline services::servicenow::servicenow_config now_settings(bool oauth = false) {
    services::servicenow::servicenow_config made;
    made.url = "https://now.example/";
    made.username = oauth ? "" : "hallpass";
    made.password = secret(oauth ? "" : "the-password");
    made.client_id = oauth ? "client" : "";
    made.client_secret = secret(oauth ? "the-client-secret" : "");
    made.webhook_secret = secret(webhook_secret);
    return made;
}

struct bench : service_bench {
    explicit bench(bool oauth = false)
        : now(now_settings(oauth), ports::service_environment{http, time, log}), desk(context) {
        time.time = instant(std::chrono::seconds(1'700'000'000));
        desk.begins_listeners = false; // they poll, and a test says when
    }

    void script(const std::string& result_json, int status = 200) {
        http.script.emplace_back(answer(R"({"result":)" + result_json + "}", status));
    }

    std::vector<std::string> calls() const {
        std::vector<std::string> all;
        for (const ports::http_request& one : http.asked) {
            const std::string url = one.url.substr(std::string_view("https://now.example/").size());
            all.push_back(std::string(to_string(one.method)) + ' ' + url.substr(0, url.find('?')));
        }
        return all;
    }

    services::servicenow::servicenow_service now;
    scripted_desk desk;
};

} // namespace hallpass::test
