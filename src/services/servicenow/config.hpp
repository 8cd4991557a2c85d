// What the operator writes in [servicenow].
#pragma once

#include "base/secret.hpp"
#include "base/settings.hpp"
#include "services/on_call_places.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace hallpass::services::servicenow {

// Values of an incident's state. Instances may have others.
struct end_states {
    std::string approved = "6"; // resolved
    std::string denied = "7";   // closed, as upstream has it
    std::string expired = "6";
    std::string promoted = "6";
};

struct servicenow_config {
    std::string url; // ends with "/"
    std::string username;
    secret password;
    std::string client_id; // OAuth, where it is there
    secret client_secret;
    std::string close_code = "Resolved by request";
    std::string assignment_group; // sys_id or name, or ""
    end_states ends;
    on_call_places on_call;
    secret webhook_secret; // without it nobody decides from ServiceNow
    std::chrono::nanoseconds least_interval{0};
};

// Nothing where there is an error; it stands in the cursor's list.
std::optional<servicenow_config> read_config(settings& own);

} // namespace hallpass::services::servicenow
