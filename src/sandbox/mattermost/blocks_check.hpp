// What Mattermost says of the newer format of cards and buttons when a post is made (api-messaging 3.2).
#pragma once

#include <boost/json/object.hpp>

#include <string>

namespace hallpass::sandbox::mattermost {

// Of "mm_blocks" and "mm_blocks_actions"; "" where there is none, or they aren't there. Stricter than the
// server, which leaves malformed blocks to its clients: they would leave them out.
std::string problem_of_blocks(const boost::json::object& props);

} // namespace hallpass::sandbox::mattermost
