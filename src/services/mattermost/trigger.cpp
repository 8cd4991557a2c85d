#include "services/mattermost/trigger.hpp"

#include "base/text.hpp"
#include "services/mattermost/ids.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <vector>

namespace hallpass::services::mattermost {

namespace {

constexpr std::size_t longest = 1000;
constexpr std::size_t most_digits = 15;

bool is_base64(std::string_view text) {
    const std::string_view bare = text.substr(0, text.find_last_not_of('=') + 1);
    return !text.empty() && text.size() <= longest && text.size() % 4 == 0 &&
           text.size() - bare.size() <= 2 && std::all_of(bare.begin(), bare.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                      c == '+' || c == '/';
           });
}

// With zeros at its end where there was padding.
std::string from_base64(std::string_view text) {
    std::vector<unsigned char> out(text.size());
    const int size = EVP_DecodeBlock(
        out.data(), reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size())
    );
    return size < 0 ? std::string() : std::string(out.begin(), out.begin() + size);
}

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
    if (!is_base64(trigger)) {
        return std::nullopt;
    }
    // "client id:user id:milliseconds:signature"
    const std::vector<std::string> parts = split(from_base64(trigger), ':');
    if (parts.size() != 4 || !is_id(parts[1]) || parts[3].empty()) {
        return std::nullopt;
    }
    const auto issued = parse_milliseconds(parts[2]);
    return issued ? std::optional(trigger_facts{parts[1], *issued}) : std::nullopt;
}

} // namespace hallpass::services::mattermost
