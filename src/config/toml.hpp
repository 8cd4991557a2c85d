// TOML text as a neutral table.
#pragma once

#include "base/settings.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace hallpass::config {

// Null where the text is not TOML; then `found` has the line and the reason.
std::shared_ptr<const settings_table>
parse_toml(const std::string& file, std::string_view text, problems& found);

} // namespace hallpass::config
