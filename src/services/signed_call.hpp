// What the services' signed callbacks have in common.
#pragma once

#include "base/secret.hpp"
#include "ports/http_client.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hallpass::services {

// `name` in small letters. Nothing where it isn't there exactly once: of two, somebody else may have read the
// other.
std::optional<std::string_view> only_header(const ports::http_headers& headers, std::string_view name);

// Seconds since 1970, written in digits alone.
std::optional<std::int64_t> parse_timestamp(std::string_view text);

// HMAC with SHA-256 in 64 hex digits; "" where OpenSSL can't.
std::string hmac_sha256(const secret& key, std::string_view text);

} // namespace hallpass::services
