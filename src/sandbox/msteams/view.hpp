// The simulated Teams as the page and the tests see it.
#pragma once

#include "sandbox/msteams/state.hpp"

#include <boost/json/object.hpp>

namespace hallpass::sandbox::msteams {

// In the form that third_party::view() names; `dialogs` are those that are open.
boost::json::object view_of(const state& teams, boost::json::array dialogs);

// Everything, with all versions.
boost::json::object everything_in(const state& teams);

} // namespace hallpass::sandbox::msteams
