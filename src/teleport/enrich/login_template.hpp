// Logins of a role may be templates, which a user's traits fill in.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::teleport::enrich {

using traits = std::map<std::string, std::vector<std::string>>;

bool has_template(const std::vector<std::string>& logins) noexcept;

// "{{internal.logins}}" and "{{external.key}}", with text around them or not, become one login for each value
// of the trait. What can't be filled in, such as a function call or an unknown trait, is dropped. Sorted,
// each once.
std::vector<std::string> expand_logins(const std::vector<std::string>& logins, const traits& of);

} // namespace hallpass::teleport::enrich
