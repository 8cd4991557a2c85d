#include "services/msteams/permissions.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>

namespace hallpass::services::msteams {

namespace {

// Any of these will do; the first is the least.
using alternatives = std::initializer_list<std::string_view>;

bool has_any(const std::vector<std::string>& granted, alternatives of) {
    return std::any_of(of.begin(), of.end(), [&](std::string_view one) {
        return std::find(granted.begin(), granted.end(), one) != granted.end();
    });
}

void look_for(const std::vector<std::string>& granted, alternatives of, std::vector<std::string>& missing) {
    if (!has_any(granted, of)) {
        missing.emplace_back(*of.begin());
    }
}

} // namespace

missing_permissions find_missing(const std::vector<std::string>& granted) {
    missing_permissions found;
    if (granted.empty()) {
        return found;
    }
    look_for(granted, {"AppCatalog.Read.All", "AppCatalog.ReadWrite.All"}, found.needed);
    look_for(
        granted, {"User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"},
        found.needed
    );
    look_for(
        granted,
        {"TeamsAppInstallation.ReadWriteSelfForUser.All", "TeamsAppInstallation.ReadWriteForUser.All"},
        found.needed
    );
    look_for(
        granted,
        {"TeamsAppInstallation.ReadWriteSelfForTeam.All", "TeamsAppInstallation.ReadWriteForTeam.All",
         "TeamsAppInstallation.ReadForTeam.All"},
        found.for_channels
    );
    return found;
}

} // namespace hallpass::services::msteams
