// Who somebody can be who looks at the page: the people of the simulated Slack, and what they are to
// hallpass.
#pragma once

#include "sandbox/directory.hpp"
#include "sandbox/slack_types.hpp"

#include <boost/json/array.hpp>

#include <string>
#include <vector>

namespace hallpass::sandbox {

// The Teleport user whose trait holds the account's id; nullptr where there is none or more than one.
const cluster_user* find_mapped_user(const slack_user& account, const directory& known);

// "reviewer", "requester", "nobody in Teleport", "guest", "of another workspace", "switched off", "bot".
std::string standing_of(const slack_user& account, const directory& known);

// Everybody who has hands to click with.
boost::json::array view_people(const std::vector<slack_user>& accounts, const directory& known);

} // namespace hallpass::sandbox
