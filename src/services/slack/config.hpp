// What the operator writes in [slack].
#pragma once

#include "base/secret.hpp"
#include "base/settings.hpp"

#include <optional>
#include <string>

namespace hallpass::services::slack {

struct slack_config {
    secret token;
    std::string api_url; // ends with "/"
};

// Nothing where there is an error; it stands in the cursor's list.
std::optional<slack_config> read_config(settings& own);

} // namespace hallpass::services::slack
