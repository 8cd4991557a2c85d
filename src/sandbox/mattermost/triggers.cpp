#include "sandbox/mattermost/triggers.hpp"

#include "base/base64.hpp"
#include "base/hmac.hpp"
#include "base/text.hpp"
#include "sandbox/mattermost/types.hpp"

#include <charconv>
#include <vector>

namespace hallpass::sandbox::mattermost {

namespace {

std::string sign(const std::string& key, const std::string& data) {
    return to_base64(hmac_sha256(key, data));
}

std::int64_t wall_clock_ms() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

} // namespace

triggers::triggers() : key_(random_id()) {}

std::string triggers::issue(const std::string& user, std::chrono::milliseconds age) const {
    const std::string data =
        random_id() + ':' + user + ':' + std::to_string(wall_clock_ms() - age.count()) + ':';
    return to_base64(data + sign(key_, data));
}

std::optional<trigger> triggers::verify(std::string_view id, std::chrono::milliseconds lasts) const {
    const std::vector<std::string> parts = split(from_base64(id).value_or(""), ':');
    if (parts.size() != 4) {
        return std::nullopt;
    }
    const std::string data = parts[0] + ':' + parts[1] + ':' + parts[2] + ':';
    std::string given = parts[3];
    while (!given.empty() && given.back() == '\0') { // of the padding
        given.pop_back();
    }
    std::int64_t issued = 0;
    std::from_chars(parts[2].data(), parts[2].data() + parts[2].size(), issued);
    if (given != sign(key_, data) || wall_clock_ms() - issued > lasts.count()) {
        return std::nullopt;
    }
    return trigger{parts[0], parts[1]};
}

} // namespace hallpass::sandbox::mattermost
