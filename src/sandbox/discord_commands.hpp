// The control port's commands in which a person uses Discord: they click, and submit what opened.
#pragma once

#include "sandbox/control_commands.hpp"
#include "sandbox/control_parts.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>

namespace hallpass::sandbox {

// POST /discord/click, /discord/submit and /discord/callback; GET /discord/modals and /discord/answers. A
// click names "user", "channel", "message" and "action", a submission "modal" and "values". Either may be
// "forged", sent "twice", "age_s" old, for another "application_id", or wait "deadline_ms" for the answer; an
// answer that says "thinking" is waited for "wait_ms". Where no callback is set, they go over the Gateway.
//
// POST /discord/gateway does one thing ("do") to all connections: "reconnect"; "invalid_session", perhaps
// "resumable"; "cut"; "close" with a "code", which with "stays" every identify gets from then on; "stop_acks"
// ("stopped"); "heartbeat_ms" ("ms") and "remaining" (and "reset_after_ms"), what is told from then on. GET
// shows the sessions.
bool is_discord_use(const control_command& command) noexcept;

boost::asio::awaitable<outcome<boost::json::value>>
run_discord_use(std::shared_ptr<const control_parts> parts, control_command command);

} // namespace hallpass::sandbox
