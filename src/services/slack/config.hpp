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
    secret signing_secret{}; // "" where Slack doesn't call us
    secret app_token{};      // "" where we open no connections to Slack
};

// Nothing where there is an error; it stands in the cursor's list.
std::optional<slack_config> read_config(settings& own);

// The token of Socket Mode: of [slack], [slack.review] or [review], as upstream has it, which may be null. ""
// where none has it; nothing where there is an error.
std::optional<secret> read_app_token(settings& own, settings* review);

} // namespace hallpass::services::slack
