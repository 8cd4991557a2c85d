// The simulated Discord for the page, in the form that every third party has there (third_party.hpp).
#pragma once

#include "sandbox/discord_state.hpp"

#include <boost/json/object.hpp>

namespace hallpass::sandbox {

boost::json::object discord_on_page(discord_state& discord);

} // namespace hallpass::sandbox
