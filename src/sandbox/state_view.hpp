// Everything the page shows, as one JSON document.
#pragma once

#include "sandbox/control_parts.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace hallpass::sandbox {

// The newest requests and messages; "revision" is what to ask for changes after.
boost::json::object view_state(const control_parts& parts);

// Channels with their messages, all versions of them included.
boost::json::object view_slack(const slack_state& slack, std::size_t messages);

// All messages of all conversations, each with its place, its text as it is now and its metadata, and nothing
// else: what thousands of them say can be asked for again and again.
boost::json::array view_messages(const slack_state& slack);

} // namespace hallpass::sandbox
