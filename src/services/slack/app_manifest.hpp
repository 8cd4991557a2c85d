// What Slack's "Create an app from a manifest" takes in (docs.slack.dev/reference/app-manifest).
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace hallpass::services::slack {

// Exactly what hallpass needs. `public_addr`: "https://host[:port]" of the listener, or "" for Socket Mode.
std::string app_manifest(std::string_view public_addr);

// `hallpass configure slack --manifest [https://HOST]`: "" where it was printed, and otherwise what is wrong.
std::string print_manifest(std::span<const std::string> arguments);

} // namespace hallpass::services::slack
