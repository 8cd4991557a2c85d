// Whether Mattermost would show it (api-messaging 3.2, 3.4).
#pragma once

#include <boost/json/object.hpp>

#include <string>

namespace hallpass::sandbox::mattermost {

// What is wrong, or "".
std::string problem_of_attachments(const boost::json::object& props);
std::string problem_of_dialog(const boost::json::object& dialog);

} // namespace hallpass::sandbox::mattermost
