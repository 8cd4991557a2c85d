// Opsgenie ends, and what its operator then writes instead (api-ticketing 3.1).
#pragma once

#include "services/opsgenie/config.hpp"

#include <string>
#include <string_view>

namespace hallpass::services::opsgenie {

inline constexpr std::string_view end_of_opsgenie = "5 April 2027";

// One line, for the log.
std::string migration_words(const opsgenie_config& config);

// [jsm] with all that carries over, without secrets.
std::string migrated_section(const opsgenie_config& config);

} // namespace hallpass::services::opsgenie
