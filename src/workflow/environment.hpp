// What the coroutines of one service's requests share. Outlives them all.
#pragma once

#include "access/card.hpp"
#include "access/review_rules.hpp"
#include "access/routing.hpp"
#include "base/jitter.hpp"
#include "ports/access_gateway.hpp"
#include "ports/clock.hpp"
#include "ports/log.hpp"
#include "ports/service.hpp"
#include "workflow/admission.hpp"
#include "workflow/gate.hpp"
#include "workflow/task_group.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <string>

namespace hallpass::workflow {

// What to do with a send of unknown outcome that the service can't look up.
enum class uncertain_policy { resend, skip };

struct workflow_options {
    std::string instance; // names this process, and its next life, in claims
    // From a claim until somebody else takes over from a holder that is gone.
    std::chrono::milliseconds lease = std::chrono::seconds(30);
    // No call of a service takes longer; what takes more than one is ended by the lease.
    std::chrono::milliseconds longest_call = std::chrono::seconds(10);
    // So long a call of our former life may still be under way when we ask whether it arrived.
    std::chrono::milliseconds settling = std::chrono::milliseconds(500);
    // From stop() until calls under way are cut.
    std::chrono::milliseconds stop_patience = std::chrono::seconds(8);
    // What is answered within it is claimed together, and recorded together.
    std::chrono::milliseconds together = std::chrono::milliseconds(250);
    uncertain_policy on_uncertain = uncertain_policy::resend;
};

// Since the start.
struct workflow_counts {
    std::size_t sent = 0;
    std::size_t failed = 0;
    std::size_t found_after_uncertain_send = 0;
    std::size_t repeated_after_uncertain_send = 0;
    std::size_t skipped_after_uncertain_send = 0;
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
    access::cluster cluster;     // as the last connection told
    instant started{};           // set by the dispatcher, like what follows
    task_group* tasks = nullptr; // every coroutine of this service's requests
    workflow_counts counts{};
    // Where hallpass judges: by what, and messages show the approvals so far. Teleport judges where it is
    // null.
    const access::state_rules* judged_by = nullptr;
    admission lanes{time, out, std::string(service.name()), chance};
    // How many requests are worked on at once. More make a burst no quicker, and what each has in hand costs
    // memory.
    gate working{executor, 128};
};

} // namespace hallpass::workflow
