// A Discord service that takes decisions, with a desk that answers from a script.
#pragma once

#include "../services/samples.hpp"
#include "../services/scripted_desk.hpp"
#include "payloads.hpp"
#include "services/discord/client.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace hallpass::test {

struct desk_bench {
    explicit desk_bench(bool decides = true);

    // The answer to an interaction, signed now.
    ports::callback_response post(const boost::json::value& payload);
    ports::callback_response post(ports::callback_request request);
    // The same, where it must be an answer.
    boost::json::object answer_to(const boost::json::value& payload);
    // Until nothing is left to do.
    void settle();

    service_bench around;
    short_clock time;
    scripted_desk desk;
    services::discord::discord_service discord;
    std::vector<ports::callback_route> routes;
};

} // namespace hallpass::test
