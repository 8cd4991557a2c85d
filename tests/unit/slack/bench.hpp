// A Slack service with everything around it scripted.
#pragma once

#include "../services/scripted_http.hpp"
#include "services/slack/client.hpp"

namespace hallpass::test {

struct bench : service_bench {
    static constexpr std::string_view token = "xoxb-the-secret";

    explicit bench(std::chrono::nanoseconds least_interval = {})
        : slack(
              services::slack::slack_config{
                  secret(std::string(token)), "https://slack.example/api/", least_interval},
              ports::service_environment{http, time, log}
          ) {}

    services::slack::slack_service slack;

    void check_token_is_kept() const { service_bench::check_token_is_kept(token, "Bearer "); }
};

} // namespace hallpass::test
