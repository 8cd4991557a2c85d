// What a request doesn't say itself, and further calls can tell. All of it is best effort, and remembered for
// a while, so that requests of the same kind cost no further calls.
#pragma once

#include "access/access_request.hpp"
#include "ports/clock.hpp"
#include "ports/log.hpp"
#include "teleport/enrich/refusals.hpp"
#include "teleport/enrich/resource_names.hpp"
#include "teleport/enrich/role_logins.hpp"
#include "teleport/session_slot.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>

namespace hallpass::teleport::enrich {

class enricher {
public:
    enricher(
        boost::asio::any_io_executor executor, session_slot& sessions, ports::clock& time, ports::log& out
    );

    // Doesn't wait for a session: without one the request stays as it is.
    boost::asio::awaitable<access::access_request>
    enrich(access::access_request request, std::chrono::steady_clock::time_point until);

private:
    session_slot& sessions_;
    refusals refused_;
    role_logins logins_;
    resource_names names_;
};

} // namespace hallpass::teleport::enrich
