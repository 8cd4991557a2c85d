// One event as one line: for people (logfmt) or for machines (JSON).
#pragma once

#include "base/time.hpp"
#include "ports/log.hpp"

#include <span>
#include <string>
#include <string_view>

namespace hallpass::ops {

std::string_view to_string(ports::severity level) noexcept;

// 2026-03-01T09:30:00.123Z INFO message_posted service=slack recipient="#access requests"
// Control characters in values are escaped: a value can't begin a new line or colour the terminal.
std::string text_line(
    instant at, ports::severity level, std::string_view event, std::span<const ports::log_field> fields
);

// {"time":"…","level":"info","event":"message_posted","service":"slack"}
std::string json_line(
    instant at, ports::severity level, std::string_view event, std::span<const ports::log_field> fields
);

} // namespace hallpass::ops
