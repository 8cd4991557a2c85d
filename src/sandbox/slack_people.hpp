// Who is in the simulated workspace from the start, and how a control command describes one more.
#pragma once

#include "sandbox/slack_types.hpp"

#include <boost/json/object.hpp>

#include <vector>

namespace hallpass::sandbox {

// The people of the simulated cluster, some that no Teleport user is mapped to, and the app's own bot.
std::vector<slack_user> slack_people(const slack_bot& bot);

// With the keys of Slack's user object, all at the top: "id", "name", "email", "is_restricted".
slack_user read_slack_user(const boost::json::object& described);

} // namespace hallpass::sandbox
