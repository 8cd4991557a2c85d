// An Opsgenie service, or its successor, with everything around it scripted. Waits are over at once.
#pragma once

#include "../services/samples.hpp"
#include "../services/scripted_desk.hpp"
#include "../services/scripted_http.hpp"
#include "services/opsgenie/client.hpp"

#include <string>
#include <utility>
#include <vector>

namespace hallpass::test {

inline services::opsgenie::opsgenie_config opsgenie_config_of(bool jsm = false) {
    services::opsgenie::opsgenie_config made;
    made.on = jsm ? services::opsgenie::platform::jsm : services::opsgenie::platform::opsgenie;
    made.api_key = secret("the-key");
    made.alerts_url = "https://alerts.example/";
    made.reading_url = "https://reading.example/";
    made.reading_header = secret("Basic abc");
    made.site_url = jsm ? "https://site.example/" : "";
    return made;
}

struct bench : service_bench {
    explicit bench(
        services::opsgenie::opsgenie_config config = opsgenie_config_of(),
        const access::routing_table* routing = nullptr
    )
        : short_time(context), opsgenie(std::move(config), environment(routing)) {
        short_time.is_short = true;
    }

    ports::service_environment environment(const access::routing_table* routing) {
        ports::service_environment made{http, short_time, log};
        made.people = &people;
        made.routing = routing;
        return made;
    }

    void answers(std::string body, int status = 200) {
        http.script.emplace_back(answer(std::move(body), status));
    }

    std::string asked(std::size_t call) const {
        const ports::http_request& one = http.asked.at(call);
        return std::string(to_string(one.method)) + ' ' + one.url.substr(std::string_view("https://").size());
    }

    std::string header(std::size_t call, std::string_view name) const {
        return std::string(ports::find_header(http.asked.at(call).headers, name));
    }

    access::people people;
    short_clock short_time;
    services::opsgenie::opsgenie_service opsgenie;
};

} // namespace hallpass::test
