// The simulated Mattermost as JSON: for the page, and for tests.
#pragma once

#include "sandbox/mattermost/state.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <string>

namespace hallpass::sandbox::mattermost {

// What third_party::view() says.
boost::json::object page_view(const state& at);

// All posts of a channel, by its name or by the user name of whose direct channel with the bot it is: each
// with "versions", and "only_for" where it is ephemeral.
boost::json::array posts_of(const state& at, const std::string& name);

} // namespace hallpass::sandbox::mattermost
