// What there is in the simulated Jira, for tests and for the page.
#pragma once

#include "sandbox/jira/jira_state.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace hallpass::sandbox::jira {

// Issues with everything they hold.
boost::json::array all_issues(const jira_state& state);
boost::json::object page_view(const jira_state& state);

} // namespace hallpass::sandbox::jira
