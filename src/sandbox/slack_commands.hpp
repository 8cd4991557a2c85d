// The control port's commands in which a person uses Slack: they click, and submit what opened.
#pragma once

#include "sandbox/control_commands.hpp"
#include "sandbox/control_parts.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/array.hpp>

#include <memory>

namespace hallpass::sandbox {

// POST /slack/click, /slack/submit, /slack/close and /slack/callback; /slack/socket, /slack/socket/say,
// /slack/socket/disconnect and /slack/socket/cut.
bool is_slack_use(const control_command& command) noexcept;

boost::asio::awaitable<outcome<boost::json::value>>
run_slack_use(std::shared_ptr<const control_parts> parts, control_command command);

// A view as Slack shows it, with "user" and "closed".
boost::json::object to_json(const slack_view& view);
boost::json::array view_dialogs(slack_state& slack, bool open_only = false);

} // namespace hallpass::sandbox
