// Who is on call in a team (api-ticketing 5.3).
#pragma once

#include "access/access_request.hpp"
#include "access/identity.hpp"
#include "ports/clock.hpp"
#include "ports/log.hpp"
#include "services/datadog/api.hpp"
#include "services/on_call_places.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>

namespace hallpass::services::datadog {

// The annotation that names teams by handle or name: upstream's.
inline constexpr const char* schedules_annotation = "teleport.dev/schedules";

// Why the requester counts as on call, in words for the review; nothing where they don't. A team that isn't
// there is logged and left out.
// What is passed by reference outlives the call.
boost::asio::awaitable<result<std::optional<std::string>>> find_on_call(
    api& datadog,
    ports::clock& time,
    ports::log& out,
    const on_call_places& config,
    const access::people* people,
    access::access_request request
);

} // namespace hallpass::services::datadog
