// What a response says about how fast we may go on.
#pragma once

#include "base/time.hpp"
#include "ports/http_client.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace hallpass::net {

struct rate_notice {
    // Retry-After, as seconds or as a date (RFC 9110, 10.2.3).
    std::optional<std::chrono::milliseconds> retry_after;
    // Nothing is left until then: X-RateLimit-Remaining with X-RateLimit-Reset-After, RateLimit-Remaining
    // with RateLimit-Reset, or RateLimit with both (draft-ietf-httpapi-ratelimit-headers, 03 and later).
    std::optional<std::chrono::milliseconds> exhausted_for;
};

// What can't be understood is left out. Never negative, never more than an hour.
rate_notice read_rate_notice(const ports::http_headers& headers, instant now);

// "Sun, 06 Nov 1994 08:49:37 GMT".
std::optional<instant> parse_http_date(std::string_view text);

} // namespace hallpass::net
