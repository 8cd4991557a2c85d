// Versions of Teleport, ordered as Semantic Versioning orders them.
#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace hallpass::teleport {

// The reference plugins' minimum (teleport-wire 8).
inline constexpr std::string_view minimum_server_version = "6.1.0-beta.1";

// Negative, zero or positive as `left` is older, the same or newer; build metadata doesn't count. Malformed
// where either is no version.
result<int> compare_versions(std::string_view left, std::string_view right);

// unsupported where the server is too old or its version can't be read.
result<void> check_server_version(std::string_view reported, std::string_view peer);

} // namespace hallpass::teleport
