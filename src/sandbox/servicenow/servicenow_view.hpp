// What there is in the simulated ServiceNow, for tests and for the page.
#pragma once

#include "sandbox/servicenow/servicenow_site.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace hallpass::sandbox::servicenow {

// Incidents with everything they hold.
boost::json::array all_incidents(const site& at);
boost::json::object page_view(const site& at);

} // namespace hallpass::sandbox::servicenow
