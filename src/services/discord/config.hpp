// What the operator writes in [discord].
#pragma once

#include "base/secret.hpp"
#include "base/settings.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace hallpass::services::discord {

struct discord_config {
    secret token;
    std::string api_url; // ends with "/"
    // The operator's: between two calls, whatever they are; 0 where there is none.
    std::chrono::nanoseconds least_interval{0};
    // "" where nothing is decided from Discord.
    std::string application_id{};
    std::string public_key{}; // its bytes: decisions come over HTTPS
    bool gateway = false;     // or over the Gateway
};

// Nothing where there is an error; it stands in the cursor's list.
std::optional<discord_config> read_config(settings& own);

} // namespace hallpass::services::discord
