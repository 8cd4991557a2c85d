// What Slack's "Create an app from a manifest" takes in (docs.slack.dev/reference/app-manifest).
#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hallpass::services::slack {

// Exactly what hallpass needs. `public_addr`: "https://host[:port]" of the listener, or "" for Socket Mode.
std::string app_manifest(std::string_view public_addr);

// What `hallpass configure slack --manifest [https://HOST]` prints.
result<std::string> configure(const std::vector<std::string>& arguments);

} // namespace hallpass::services::slack
