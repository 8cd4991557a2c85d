// What belongs to the process for life, whatever a reload replaces.
#pragma once

#include "ops/forwarding_log.hpp"
#include "ops/system_clock.hpp"

#include <boost/asio/io_context.hpp>

namespace hallpass::app {

struct process {
    process() = default;

    // One thread runs this context, and everything lives on it. The hint keeps the locking that the
    // completion pump's posts need.
    boost::asio::io_context context{1};
    ops::forwarding_log log;
    ops::system_clock clock{context.get_executor()};
};

} // namespace hallpass::app
