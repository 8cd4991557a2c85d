// What the operator writes in [mattermost] (upstream-messaging 5.1).
#pragma once

#include "base/secret.hpp"
#include "base/settings.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace hallpass::services::mattermost {

struct mattermost_config {
    std::string url; // of the server, ends with "/"
    secret token;
    secret action_secret{}; // "" where buttons are sealed with what is derived from the token
    // Everybody who is told, whatever the roles: nothing where [role_to_recipients] says.
    std::optional<std::vector<std::string>> recipients{};
    // The operator's: between two calls, whatever they are; 0 where there is none.
    std::chrono::nanoseconds least_interval{0};
};

// Nothing where there is an error; it stands in the cursor's list.
std::optional<mattermost_config> read_config(settings& own);

} // namespace hallpass::services::mattermost
