// The simulated Slack's objects as its API shows them, and the methods that list them.
#pragma once

#include "sandbox/slack_arguments.hpp"
#include "sandbox/slack_state.hpp"

#include <boost/json/object.hpp>

namespace hallpass::sandbox {

boost::json::object to_json(const slack_user& user);
boost::json::object to_json(const slack_channel& channel); // without its messages
boost::json::object to_json(const slack_message& message, const slack_bot& bot, bool with_metadata);

boost::json::object answer_conversations_list(slack_state& slack, const slack_arguments& arguments);
boost::json::object answer_conversations_history(slack_state& slack, const slack_arguments& arguments);
boost::json::object answer_conversations_replies(slack_state& slack, const slack_arguments& arguments);

} // namespace hallpass::sandbox
