// A PagerDuty service with everything around it scripted.
#pragma once

#include "../services/samples.hpp"
#include "../services/scripted_desk.hpp"
#include "../services/scripted_http.hpp"
#include "services/pagerduty/client.hpp"

#include <string>
#include <utility>
#include <vector>

namespace hallpass::test {

inline const std::string pagerduty_base = "https://pagerduty.example/";
inline const std::string own_user_page =
    R"({"users":[{"id":"PHALLP1","type":"user","email":"Hallpass@example.com","role":"admin"}],"more":false})";

inline services::pagerduty::pagerduty_config pagerduty_config_of(std::string webhook_secret = "") {
    services::pagerduty::pagerduty_config made;
    made.api_key = secret("the-key");
    made.user_email = "hallpass@example.com";
    made.api_url = pagerduty_base;
    made.webhook_secret = secret(std::move(webhook_secret));
    return made;
}

struct bench : service_bench {
    explicit bench(
        services::pagerduty::pagerduty_config config = pagerduty_config_of(),
        const access::routing_table* routing = nullptr
    )
        : pagerduty(std::move(config), environment(routing)) {}

    ports::service_environment environment(const access::routing_table* routing) {
        ports::service_environment made{http, time, log};
        made.people = &people;
        made.routing = routing;
        return made;
    }

    void answers(std::string body, int status = 200) {
        http.script.emplace_back(answer(std::move(body), status));
    }

    // "GET incidents?…"
    std::string asked(std::size_t call) const {
        const ports::http_request& one = http.asked.at(call);
        return std::string(to_string(one.method)) + ' ' + one.url.substr(pagerduty_base.size());
    }

    access::people people;
    services::pagerduty::pagerduty_service pagerduty;
};

} // namespace hallpass::test
