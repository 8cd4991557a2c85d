// The methods of Slack's Web API that hallpass calls (api-messaging 1.2): arguments in, JSON out, no network.
#pragma once

#include "sandbox/slack_arguments.hpp"
#include "sandbox/slack_state.hpp"

#include <boost/json/object.hpp>

#include <string>

namespace hallpass::sandbox {

// The answer's body, "ok" included.
boost::json::object answer_slack_call(slack_state& slack, const slack_call& call);

boost::json::object slack_error(const std::string& code, const std::string& detail = {});

} // namespace hallpass::sandbox
