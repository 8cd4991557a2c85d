// Where a service's API is, as the operator may have moved it.
#pragma once

#include "base/settings.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hallpass::services {

// The base of the API, ending with "/": what api_url or upstream's apiurl says, or `otherwise` where both are
// absent. What isn't an http or https URL is a problem, and nothing comes back; http to another host than
// this one is warned about, because secrets travel with each call.
std::optional<std::string> read_api_url(settings& own, std::string_view otherwise);

// The same of the key alone.
std::optional<std::string> read_base_url(settings& own, std::string_view key, std::string_view otherwise);

} // namespace hallpass::services
