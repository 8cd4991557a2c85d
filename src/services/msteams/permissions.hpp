// The application permissions of Graph that the app's registration needs (upstream-messaging 6.1).
#pragma once

#include <string>
#include <vector>

namespace hallpass::services::msteams {

struct missing_permissions {
    std::vector<std::string> needed;
    std::vector<std::string> for_channels;
};

// Nothing is missing where `granted` is empty: then nobody knows.
missing_permissions find_missing(const std::vector<std::string>& granted);

} // namespace hallpass::services::msteams
