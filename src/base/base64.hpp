// Base 64 (RFC 4648): with padding as HTTP and mail have it, and the alphabet of URLs, without padding, as
// tokens and keys have it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hallpass {

std::string to_base64(std::string_view bytes);
std::string to_base64url(std::string_view bytes);

// Nothing where it isn't that, or has bits that no encoder sets.
std::optional<std::string> from_base64(std::string_view text);
std::optional<std::string> from_base64url(std::string_view text);

} // namespace hallpass
