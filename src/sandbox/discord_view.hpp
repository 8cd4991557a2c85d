// The simulated Discord as the control port shows it.
#pragma once

#include "sandbox/discord_state.hpp"

#include <boost/json/object.hpp>

namespace hallpass::sandbox {

boost::json::object view_discord(const discord_state& discord);

} // namespace hallpass::sandbox
