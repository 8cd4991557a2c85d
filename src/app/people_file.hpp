// Follows a file of people while it is in use: others write it, and needn't tell us.
#pragma once

#include "access/identity.hpp"
#include "config/people.hpp"
#include "ports/clock.hpp"
#include "ports/log.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace hallpass::app {

// Until it is cancelled. `into` holds what was read last; a file that can't be used changes nothing, and is
// logged once. All references outlive it.
boost::asio::awaitable<void> follow_people_file(
    ports::clock& time,
    ports::log& out,
    std::string service,
    config::people_section section,
    access::people& into
);

} // namespace hallpass::app
