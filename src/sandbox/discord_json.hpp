// What the simulated Discord has, in Discord's own JSON (api-messaging 2.1).
#pragma once

#include "sandbox/discord_types.hpp"

#include <boost/json/object.hpp>

#include <string>

namespace hallpass::sandbox {

boost::json::object to_json(const discord_bot& bot);
boost::json::object to_json(const discord_user& user);
boost::json::object
to_json(const discord_message& message, const std::string& channel, const discord_bot& bot);

} // namespace hallpass::sandbox
