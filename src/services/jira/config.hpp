// What the operator writes in [jira].
#pragma once

#include "base/secret.hpp"
#include "base/settings.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace hallpass::services::jira {

// The statuses that outcomes move an issue to, by name.
struct status_names {
    std::string pending = "Pending";
    std::string approved = "Approved";
    std::string denied = "Denied";
    std::string expired = "Expired";
    std::string promoted = "Promoted";
};

struct jira_config {
    std::string url;      // ends with "/"; what people open
    std::string api_url;  // ends with "/"; another one for tokens with scopes
    std::string username; // "" with a personal access token
    secret token;
    bool cloud = false; // known from the URL; where it isn't, Jira is asked
    std::string project;
    std::string issue_type = "Task";
    status_names statuses;
    secret webhook_secret; // without it no webhook is taken
    // Where moves are looked for besides; 0 is never.
    std::chrono::milliseconds poll_interval{0};
    std::chrono::nanoseconds least_interval{0};
};

// Nothing where there is an error; it stands in the cursor's list.
std::optional<jira_config> read_config(settings& own);

} // namespace hallpass::services::jira
