// Performs one lane of a plan: the steps that one recipient is owed, in order, until one fails.
#pragma once

#include "access/ledger.hpp"
#include "access/outcome.hpp"
#include "access/plan.hpp"
#include "workflow/environment.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <memory>
#include <vector>

namespace hallpass::workflow {

struct lane_limits {
    instant until;          // of the claim: no step begins that may last longer
    bool break_off = false; // no further step begins
    std::size_t steps_done = 0;
};

// `to` is the delivery as the ledger had it before the claim. What it refers to outlives the lane.
boost::asio::awaitable<void> run_lane(
    environment& shared,
    std::shared_ptr<const access::access_request> request,
    access::delivery to,
    std::vector<access::step> steps,
    lane_limits& limits,
    access::lane_outcome& done
);

} // namespace hallpass::workflow
