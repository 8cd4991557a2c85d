// Slack's limits on a message (api-messaging 1.3): what is over them is refused, never cut silently.
#pragma once

#include "sandbox/slack_state.hpp"

#include <boost/json/array.hpp>

#include <optional>
#include <string>

namespace hallpass::sandbox {

// Why chat.postMessage refuses; nothing where it takes the message.
std::optional<slack_refusal> check_post(const std::string& text, const boost::json::array& blocks);

// The same for chat.update, whose text is shorter.
std::optional<slack_refusal> check_edit(const std::string& text, const boost::json::array& blocks);

} // namespace hallpass::sandbox
