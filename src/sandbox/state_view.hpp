// Everything the page shows, as one JSON document.
#pragma once

#include "sandbox/control_parts.hpp"

#include <boost/json/object.hpp>

namespace hallpass::sandbox {

// The newest requests and messages; "revision" is what to ask for changes after.
boost::json::object view_state(const control_parts& parts);

// Channels with their messages, all versions of them included.
boost::json::object view_slack(const slack_state& slack, std::size_t messages);

} // namespace hallpass::sandbox
