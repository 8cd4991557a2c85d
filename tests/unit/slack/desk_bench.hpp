// A Slack service that takes decisions, with a desk that answers from a script.
#pragma once

#include "../services/samples.hpp"
#include "../services/scripted_desk.hpp"
#include "payloads.hpp"
#include "services/slack/client.hpp"

#include <string>
#include <vector>

namespace hallpass::test {

struct desk_bench {
    explicit desk_bench(std::string secret_text = std::string(signing_secret));

    // The answer to a payload, signed now.
    ports::callback_response post(const boost::json::value& payload);
    ports::callback_response post(ports::callback_request request);
    // Until nothing is left to do.
    void settle();
    boost::json::object body_of(std::size_t call) const;
    // The methods that Slack was asked for, in their order.
    std::vector<std::string> methods() const;

    service_bench around;
    short_clock time;
    scripted_desk desk;
    services::slack::slack_service slack;
    std::vector<ports::callback_route> routes;
};

} // namespace hallpass::test
