// An attachment of ours in Mattermost's newer format (api-messaging 3.2), for servers that have it.
#pragma once

#include <boost/json/object.hpp>

namespace hallpass::services::mattermost {

// Adds "mm_blocks" and, where it has buttons, "mm_blocks_actions" to the props of a post, beside its one
// attachment. Clients that know blocks draw these and not the attachment; others know nothing of them.
// Nothing where the texts wouldn't fit: clients would cut them, and buttons with them.
void add_blocks(boost::json::object& props, const boost::json::object& attachment);

} // namespace hallpass::services::mattermost
