#include "services/retry_after.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <charconv>

namespace hallpass::services {

std::optional<std::chrono::seconds> retry_after_of(const ports::http_response& response) noexcept {
    const std::string_view written = trimmed(response.header("Retry-After"));
    unsigned seconds = 0;
    const auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), seconds);
    if (written.empty() || error != std::errc{} || end != written.data() + written.size()) {
        return std::nullopt;
    }
    return std::min(std::chrono::seconds(seconds), longest_wait);
}

} // namespace hallpass::services
