#include "services/mattermost/trigger.hpp"

#include "base/base64.hpp"
#include "base/text.hpp"
#include "services/mattermost/ids.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <vector>

namespace hallpass::services::mattermost {

namespace {

constexpr std::size_t longest = 1000;
constexpr std::size_t most_digits = 15;

std::optional<instant> parse_milliseconds(const std::string& text) {
    const bool digits = std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (text.empty() || text.size() > most_digits || !digits) {
        return std::nullopt;
    }
    std::int64_t ms = 0;
    std::from_chars(text.data(), text.data() + text.size(), ms);
    return instant(std::chrono::milliseconds(ms));
}

} // namespace

std::optional<trigger_facts> read_trigger(std::string_view trigger) {
    const auto text = trigger.size() <= longest ? from_base64(trigger) : std::nullopt;
    if (!text) {
        return std::nullopt;
    }
    // "client id:user id:milliseconds:signature"
    const std::vector<std::string> parts = split(*text, ':');
    if (parts.size() != 4 || !is_id(parts[1]) || parts[3].empty()) {
        return std::nullopt;
    }
    const auto issued = parse_milliseconds(parts[2]);
    return issued ? std::optional(trigger_facts{parts[1], *issued}) : std::nullopt;
}

} // namespace hallpass::services::mattermost
