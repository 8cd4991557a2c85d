// What the operator writes in [datadog].
#pragma once

#include "base/secret.hpp"
#include "base/settings.hpp"
#include "services/on_call_places.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace hallpass::services::datadog {

struct datadog_config {
    std::string api_endpoint; // ends with "/"
    secret api_key;
    secret application_key;
    std::string severity = "SEV-3";
    std::vector<std::string> fallback_recipients; // where nobody else is named for a request
    on_call_places on_call;
    std::chrono::nanoseconds least_interval{0};
};

// Nothing where there is an error; it stands in the cursor's list.
std::optional<datadog_config> read_config(settings& own);

} // namespace hallpass::services::datadog
