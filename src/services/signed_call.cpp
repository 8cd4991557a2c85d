#include "services/signed_call.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <charconv>

namespace hallpass::services {

namespace {

constexpr std::size_t timestamp_digits = 12;

} // namespace

std::optional<std::string_view> only_header(const ports::http_headers& headers, std::string_view name) {
    std::optional<std::string_view> found;
    for (const auto& [key, value] : headers) {
        if (lower_case(key) != name) {
            continue;
        }
        if (found) {
            return std::nullopt;
        }
        found = value;
    }
    return found;
}

std::optional<std::int64_t> parse_timestamp(std::string_view text) {
    const bool digits = std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (text.empty() || text.size() > timestamp_digits || !digits) {
        return std::nullopt;
    }
    std::int64_t seconds = 0;
    std::from_chars(text.data(), text.data() + text.size(), seconds);
    return seconds;
}

} // namespace hallpass::services
