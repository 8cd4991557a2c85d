// Who is on call in a team (api-ticketing 5.3).
#pragma once

#include "access/access_request.hpp"
#include "ports/log.hpp"
#include "services/datadog/api.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>

namespace hallpass::services::datadog {

// The annotation that names teams by handle or name: upstream's.
inline constexpr const char* schedules_annotation = "teleport.dev/schedules";

// Why the requester counts as on call, in words for the review; nothing where they don't. A team that isn't
// there is logged and left out.
boost::asio::awaitable<result<std::optional<std::string>>>
find_on_call(api& datadog, ports::log& out, access::access_request request);

} // namespace hallpass::services::datadog
