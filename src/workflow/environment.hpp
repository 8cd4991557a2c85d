// What the coroutines of one service's requests share. Outlives them all.
#pragma once

#include "access/card.hpp"
#include "access/routing.hpp"
#include "base/jitter.hpp"
#include "ports/access_gateway.hpp"
#include "ports/clock.hpp"
#include "ports/log.hpp"
#include "ports/service.hpp"
#include "workflow/gate.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <string>

namespace hallpass::workflow {

// What to do with a send of unknown outcome that the service can't look up.
enum class uncertain_policy { resend, skip };

struct workflow_options {
    std::string instance;                                       // names this process in claims
    std::chrono::milliseconds lease = std::chrono::seconds(30); // longer than any round of calls takes
    uncertain_policy on_uncertain = uncertain_policy::resend;
};

struct environment {
    boost::asio::any_io_executor executor;
    ports::access_gateway& gateway;
    ports::service& service;
    ports::clock& time;
    ports::log& out;
    const access::routing_table& routing;
    workflow_options options;
    jitter chance;
    access::cluster cluster; // as the last connection told
    // How many requests are worked on at once. More make a burst no quicker, and what each has in hand costs
    // memory.
    gate working{executor, 128};
};

} // namespace hallpass::workflow
