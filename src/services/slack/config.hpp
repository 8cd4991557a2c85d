// What the operator writes in [slack].
#pragma once

#include "base/secret.hpp"
#include "base/settings.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace hallpass::services::slack {

struct slack_config {
    secret token;
    std::string api_url; // ends with "/"
    // The operator's: between two calls, whatever they are; 0 where there is none.
    std::chrono::nanoseconds least_interval{0};
    secret signing_secret{}; // "" where nothing is decided from Slack
};

// Nothing where there is an error; it stands in the cursor's list.
std::optional<slack_config> read_config(settings& own);

} // namespace hallpass::services::slack
