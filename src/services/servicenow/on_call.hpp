// Who is on call in a rota (api-ticketing 4.4).
#pragma once

#include "access/access_request.hpp"
#include "access/identity.hpp"
#include "ports/clock.hpp"
#include "ports/log.hpp"
#include "services/on_call_places.hpp"
#include "services/servicenow/api.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>

namespace hallpass::services::servicenow {

// The annotation that names rotas by their sys_id: upstream's.
inline constexpr const char* schedules_annotation = "teleport.dev/schedules";

// Why the requester counts as on call, in words for the review; nothing where they don't. A rota that isn't
// there is logged and left out.
// What is passed by reference outlives the call.
boost::asio::awaitable<result<std::optional<std::string>>> find_on_call(
    api& now,
    ports::clock& time,
    ports::log& out,
    const on_call_places& config,
    const access::people* people,
    access::access_request request
);

} // namespace hallpass::services::servicenow
