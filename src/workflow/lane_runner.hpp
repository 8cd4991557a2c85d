// Performs one lane of a plan: the steps that one recipient is owed, in order, until one fails.
#pragma once

#include "access/ledger.hpp"
#include "access/outcome.hpp"
#include "access/plan.hpp"
#include "workflow/environment.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>

namespace hallpass::workflow {

// `to` is the delivery as the ledger had it before the claim. `request` and `shared` outlive the lane.
boost::asio::awaitable<void> run_lane(
    environment& shared,
    const access::access_request& request,
    access::delivery to,
    access::lane owed,
    access::lane_outcome& done
);

} // namespace hallpass::workflow
