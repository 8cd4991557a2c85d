// The package of a Teams app: its manifest, two icons, and the archive of the three.
#pragma once

#include <boost/json/object.hpp>

#include <string>
#include <utility>
#include <vector>

namespace hallpass::services::msteams {

struct package_ids {
    std::string app_id;       // of the registration
    std::string teams_app_id; // of the Teams app
};

boost::json::object manifest_of(const package_ids& ids);

// 192 by 192, on our colour.
std::string color_icon();
// 32 by 32, white on nothing.
std::string outline_icon();

// A ZIP archive whose members are stored as they are; equal for equal members.
std::string stored_zip(const std::vector<std::pair<std::string, std::string>>& members);

} // namespace hallpass::services::msteams
