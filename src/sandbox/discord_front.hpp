// The simulated Discord over HTTP: faults and rate limits around its calls.
#pragma once

#include "net/http_server.hpp"
#include "sandbox/discord_gateway.hpp"
#include "sandbox/discord_state.hpp"
#include "sandbox/fault_plan.hpp"
#include "sandbox/waits.hpp"

namespace hallpass::sandbox {

// All of them outlive the handler. It serves /api/v10/ and, for WebSockets, /gateway. Faults know a call by
// its method and the last word of its path that is no id: "POST messages", "PATCH messages", "GET channels",
// "GET @me".
net::request_handler
make_discord_handler(discord_state& discord, discord_gateway& gateway, fault_plan& faults, waits& delays);

} // namespace hallpass::sandbox
