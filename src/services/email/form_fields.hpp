// What is in forms and queries (application/x-www-form-urlencoded).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace hallpass::services::email {

std::string form_escaped(std::string_view text);
// Nothing where it can't be read, has more than 32 fields, or one of them twice.
std::optional<std::map<std::string, std::string>> read_form(std::string_view text);

} // namespace hallpass::services::email
