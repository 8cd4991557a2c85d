// RFC 4648, 5, without padding; and what is in forms and queries (application/x-www-form-urlencoded).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace hallpass::services::email {

std::string to_base64url(std::string_view bytes);
// Nothing where a character is none of the alphabet's, or bits are left over.
std::optional<std::string> from_base64url(std::string_view text);

std::string form_escaped(std::string_view text);
// Nothing where it can't be read, has more than 32 fields, or one of them twice.
std::optional<std::map<std::string, std::string>> read_form(std::string_view text);

} // namespace hallpass::services::email
