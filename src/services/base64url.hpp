// The base64 of tokens and keys (RFC 4648, section 5), without padding.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hallpass::services {

// Nothing where it isn't that, or has bits that no encoder sets.
std::optional<std::string> from_base64url(std::string_view text);
std::string to_base64url(std::string_view bytes);

} // namespace hallpass::services
