// How long an answer asks us to wait.
#pragma once

#include "ports/http_client.hpp"

#include <chrono>
#include <optional>

namespace hallpass::services {

// However long they say.
inline constexpr std::chrono::seconds longest_wait = std::chrono::hours(1);

// The header Retry-After where it is a number of seconds.
std::optional<std::chrono::seconds> retry_after_of(const ports::http_response& response) noexcept;

} // namespace hallpass::services
