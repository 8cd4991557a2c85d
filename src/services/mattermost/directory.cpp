#include "services/mattermost/directory.hpp"

#include "base/text.hpp"
#include "services/mattermost/ids.hpp"
#include "services/mattermost/replies.hpp"

#include <utility>

namespace hallpass::services::mattermost {

using boost::asio::awaitable;

namespace {

constexpr std::size_t most_entries = 4096;
constexpr std::chrono::minutes known_for{60};
// Short, so that a person who has just joined is found soon.
constexpr std::chrono::minutes unknown_for{1};

} // namespace

directory::directory(api& mattermost, ports::clock& time) : mattermost_(mattermost), time_(time) {}

awaitable<result<std::optional<std::string>>> directory::user_by_email(std::string email) {
    return look_up("users/email/" + encoded(lower_case(email)));
}

awaitable<result<std::optional<std::string>>>
directory::channel_by_name(std::string team, std::string channel) {
    return look_up("teams/name/" + encoded(team) + "/channels/name/" + encoded(channel));
}

awaitable<result<std::optional<std::string>>> directory::look_up(std::string path) {
    if (const entry* known = fresh(path)) {
        co_return known->id;
    }
    call asked(ports::http_method::get, path);
    const auto reply = co_await mattermost_.ask(std::move(asked));
    if (reply.has_error()) {
        const fault failed = reply.error();
        if (failed.kind() != fault_kind::not_found) {
            co_return failed;
        }
        remember(path, std::nullopt);
        co_return std::optional<std::string>();
    }
    const std::string_view id = text_of(*reply, "id");
    if (!is_id(id)) {
        co_return fault(fault_kind::transient, "Mattermost GET " + path + ": the answer has no id");
    }
    const std::optional<std::string> found{std::string(id)};
    remember(path, found);
    co_return found;
}

const directory::entry* directory::fresh(const std::string& path) {
    const auto found = known_.find(path);
    if (found == known_.end()) {
        return nullptr;
    }
    if (found->second.until <= time_.now()) {
        known_.erase(found);
        return nullptr;
    }
    return &found->second;
}

void directory::remember(const std::string& path, const std::optional<std::string>& id) {
    const instant now = time_.now();
    if (known_.size() >= most_entries) {
        std::erase_if(known_, [now](const auto& one) { return one.second.until <= now; });
    }
    if (known_.size() < most_entries) {
        known_.insert_or_assign(path, entry{id, now + (id ? known_for : unknown_for)});
    }
}

} // namespace hallpass::services::mattermost
