// What the services' signed callbacks have in common.
#pragma once

#include "ports/http_client.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace hallpass::services {

// `name` in small letters. Nothing where it isn't there exactly once: of two, somebody else may have read the
// other.
std::optional<std::string_view> only_header(const ports::http_headers& headers, std::string_view name);

// Seconds since 1970, written in digits alone.
std::optional<std::int64_t> parse_timestamp(std::string_view text);

} // namespace hallpass::services
