// Instants on the wall clock, and their RFC 3339 form.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace hallpass {

using instant = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;

// "2026-03-01T09:30:00Z"; fractions of a second are dropped.
std::string to_rfc3339(instant at);

// Takes an offset or Z and a fraction; nothing where the text is not such an instant.
std::optional<instant> parse_rfc3339(std::string_view text);

} // namespace hallpass
