#include "sandbox/slack_state.hpp"

#include "base/text.hpp"
#include "sandbox/cluster_state.hpp"
#include "sandbox/slack_limits.hpp"
#include "sandbox/slack_people.hpp"

#include <algorithm>
#include <cstdio>
#include <stdexcept>
#include <utility>

namespace hallpass::sandbox {

namespace {

constexpr std::size_t versions_kept = 20;

slack_message* find_message(slack_channel& channel, const std::string& ts) {
    // They stand in order of ts, and all have as many digits.
    const auto found = std::ranges::lower_bound(channel.messages, ts, {}, &slack_message::ts);
    return found == channel.messages.end() || found->ts != ts ? nullptr : &*found;
}

// Microseconds since 1970, as Slack writes an instant.
std::string to_ts(std::int64_t microseconds) {
    char text[40];
    std::snprintf(
        text, sizeof text, "%lld.%06lld", static_cast<long long>(microseconds / 1'000'000),
        static_cast<long long>(microseconds % 1'000'000)
    );
    return text;
}

std::int64_t from_ts(const std::string& ts) {
    long long seconds = 0;
    long long micros = 0;
    return std::sscanf(ts.c_str(), "%lld.%lld", &seconds, &micros) == 2 ? seconds * 1'000'000 + micros : 0;
}

std::int64_t now_in_microseconds() {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(since).count();
}

} // namespace

std::string slack_now() {
    return to_ts(now_in_microseconds());
}

void throw_exception_from_error(const slack_refusal& error, const boost::source_location&) {
    throw std::runtime_error("Slack refuses: " + error.error + ' ' + error.detail);
}

slack_state::slack_state(change_signal& changes) : changes_(changes), dialogs_(changes, bot_) {
    fill();
}

void slack_state::fill() {
    users_.clear();
    channels_.clear();
    // Ids as long as Slack's are: what reads them may go by that.
    for (slack_user& person : slack_people(bot_)) {
        const std::string id = person.id;
        users_[id] = std::move(person);
    }
    for (const auto& [id, name] :
         {std::pair{"C0ACCESS01", "access-requests"}, std::pair{"C0DBA00001", "dba-requests"},
          std::pair{"C0PROD0001", "prod-requests"}}) {
        slack_channel channel;
        channel.id = id;
        channel.name = name;
        channels_[id] = std::move(channel);
    }
}

slack_channel* slack_state::find_channel(const std::string& name_or_id, bool by_name) {
    if (const auto found = channels_.find(name_or_id); found != channels_.end()) {
        return &found->second;
    }
    if (!by_name || name_or_id.empty()) {
        return nullptr;
    }
    const std::string name = name_or_id.substr(name_or_id.front() == '#' ? 1 : 0);
    for (auto& [id, channel] : channels_) {
        if (channel.im_user.empty() && channel.name == name) {
            return &channel;
        }
    }
    return nullptr;
}

slack_channel* slack_state::direct_conversation(const std::string& user_id) {
    if (!users_.contains(user_id)) {
        return nullptr;
    }
    slack_channel& channel = channels_["D" + user_id.substr(1)];
    if (channel.id.empty()) {
        channel.id = "D" + user_id.substr(1);
        channel.im_user = user_id;
    }
    return &channel;
}

// Unique in its channel, and never smaller than the one before.
std::string slack_state::next_ts(const slack_channel& where) const {
    const std::int64_t last = where.messages.empty() ? 0 : from_ts(where.messages.back().ts);
    return to_ts(std::max(now_in_microseconds(), last + 1));
}

slack_outcome<slack_posted> slack_state::post(slack_post wanted) {
    if (auto refused = check_post(wanted.text, wanted.blocks)) {
        return *std::move(refused);
    }
    slack_posted done;
    {
        const std::lock_guard lock(mutex_);
        slack_channel* channel = find_channel(wanted.channel, true);
        if (channel == nullptr) {
            channel = direct_conversation(wanted.channel);
        }
        if (channel == nullptr) {
            return slack_refusal{"channel_not_found", {}};
        }
        if (channel->is_archived) {
            return slack_refusal{"is_archived", {}};
        }
        if (!wanted.ephemeral_for.empty() && !users_.contains(wanted.ephemeral_for)) {
            return slack_refusal{"user_not_in_channel", {}};
        }
        if (slack_message* parent = find_message(*channel, wanted.thread_ts)) {
            // A reply to a reply joins the thread, as in Slack.
            wanted.thread_ts = parent->thread_ts.empty() ? parent->ts : parent->thread_ts;
            parent->thread_ts = wanted.thread_ts;
        } else if (!wanted.thread_ts.empty()) {
            return slack_refusal{"message_not_found", "no message has this thread_ts"};
        }
        slack_message message;
        message.ts = next_ts(*channel);
        message.thread_ts = wanted.thread_ts;
        message.user = bot_.user_id;
        message.text = std::move(wanted.text);
        message.blocks = std::move(wanted.blocks);
        message.metadata = std::move(wanted.metadata);
        message.ephemeral_for = std::move(wanted.ephemeral_for);
        channel->messages.push_back(message);
        done = {channel->id, std::move(message)};
    }
    changes_.changed();
    return done;
}

slack_outcome<slack_posted> slack_state::edit(slack_edit wanted) {
    slack_posted done;
    {
        const std::lock_guard lock(mutex_);
        slack_channel* channel = find_channel(wanted.channel, false);
        if (channel == nullptr) {
            return slack_refusal{"channel_not_found", {}};
        }
        slack_message* message = find_message(*channel, wanted.ts);
        if (message == nullptr || !message->ephemeral_for.empty()) {
            return slack_refusal{"message_not_found", {}};
        }
        // Blocks that are not named go when a new text comes, as in Slack.
        std::string text = wanted.text.value_or(message->text);
        boost::json::array blocks;
        if (wanted.blocks) {
            blocks = *std::move(wanted.blocks);
        }
        if (auto refused = check_edit(text, blocks)) {
            return *std::move(refused);
        }
        message->earlier.push_back({message->text, message->blocks, wall_clock_now()});
        if (message->earlier.size() > versions_kept) {
            message->earlier.erase(message->earlier.begin());
        }
        message->text = std::move(text);
        message->blocks = std::move(blocks);
        if (wanted.metadata) {
            message->metadata = *std::move(wanted.metadata);
        }
        message->edited_ts = slack_now();
        done = {channel->id, *message};
    }
    changes_.changed();
    return done;
}

slack_outcome<std::string> slack_state::open_conversation(const std::string& user_id) {
    std::string id;
    {
        const std::lock_guard lock(mutex_);
        const slack_channel* channel = direct_conversation(user_id);
        if (channel == nullptr) {
            return slack_refusal{"user_not_found", {}};
        }
        id = channel->id;
    }
    changes_.changed();
    return id;
}

} // namespace hallpass::sandbox
