// The part of slack_state that reads, and what sets the workspace up.
#include "base/text.hpp"
#include "sandbox/slack_state.hpp"

#include <utility>

namespace hallpass::sandbox {

std::optional<slack_user> slack_state::user_by_email(const std::string& email) const {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, user] : users_) {
        if (!user.email.empty() && lower_case(user.email) == lower_case(email)) {
            return user;
        }
    }
    return std::nullopt;
}

std::optional<slack_user> slack_state::user_by_id(const std::string& id) const {
    const std::lock_guard lock(mutex_);
    const auto found = users_.find(id);
    return found == users_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<slack_channel> slack_state::channel(const std::string& id, bool by_name) const {
    const std::lock_guard lock(mutex_);
    if (const auto found = channels_.find(id); found != channels_.end()) {
        return found->second;
    }
    for (const auto& [known, channel] : channels_) {
        if (by_name && channel.im_user.empty() && channel.name == id) {
            return channel;
        }
    }
    return std::nullopt;
}

bool slack_state::read_channel(const std::string& id, const std::function<void(const slack_channel&)>& reader)
    const {
    const std::lock_guard lock(mutex_);
    const auto found = channels_.find(id);
    if (found == channels_.end()) {
        return false;
    }
    reader(found->second);
    return true;
}

std::vector<slack_user> slack_state::users() const {
    const std::lock_guard lock(mutex_);
    std::vector<slack_user> all;
    for (const auto& [id, user] : users_) {
        all.push_back(user);
    }
    return all;
}

std::vector<slack_channel> slack_state::channels(std::size_t messages) const {
    const std::lock_guard lock(mutex_);
    std::vector<slack_channel> all;
    for (const auto& [id, channel] : channels_) {
        slack_channel copy;
        copy.id = channel.id;
        copy.name = channel.name;
        copy.im_user = channel.im_user;
        copy.is_private = channel.is_private;
        copy.is_archived = channel.is_archived;
        const std::size_t shown = std::min(messages, channel.messages.size());
        copy.messages.assign(
            channel.messages.end() - static_cast<std::ptrdiff_t>(shown), channel.messages.end()
        );
        all.push_back(std::move(copy));
    }
    return all;
}

void slack_state::put_user(slack_user user) {
    {
        const std::lock_guard lock(mutex_);
        const std::string id = user.id;
        users_[id] = std::move(user);
    }
    changes_.changed();
}

void slack_state::put_channel(slack_channel channel) {
    {
        const std::lock_guard lock(mutex_);
        const std::string id = channel.id;
        channels_[id] = std::move(channel);
    }
    changes_.changed();
}

void slack_state::forget_messages() {
    {
        const std::lock_guard lock(mutex_);
        for (auto& [id, channel] : channels_) {
            channel.messages = {};
        }
    }
    changes_.changed();
}

void slack_state::reset() {
    {
        const std::lock_guard lock(mutex_);
        fill();
    }
    dialogs_.clear();
    changes_.changed();
}

} // namespace hallpass::sandbox
