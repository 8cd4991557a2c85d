#include "sandbox/discord_state.hpp"

#include "sandbox/cluster_state.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace hallpass::sandbox {

namespace {

constexpr std::int64_t first_millisecond = 1'420'070'400'000;
constexpr auto nonce_kept_for = std::chrono::minutes(5);

std::uint64_t number_of(const std::string& id) {
    std::uint64_t value = 0;
    std::from_chars(id.data(), id.data() + id.size(), value);
    return value;
}

auto find_message(discord_channel& channel, const std::string& id) {
    return std::ranges::find(channel.messages, id, &discord_message::id);
}

discord_refusal missing_access() {
    return {403, 50001, "Missing Access"};
}

discord_refusal unknown_message() {
    return {404, 10008, "Unknown Message"};
}

discord_refusal unknown_reference() {
    boost::json::object problem{
        {"_errors", boost::json::array{boost::json::object{{"code", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE"}}}}};
    return {400, 50035, "Invalid Form Body", {{"message_reference", std::move(problem)}}};
}

} // namespace

discord_state::discord_state(change_signal& changes)
    : changes_(changes), interactions_(changes, bot_.application_id) {
    fill();
}

void discord_state::fill() {
    users_.clear();
    channels_.clear();
    nonces_.clear();
    for (const auto& [id, name] :
         {std::pair("1200000000000000001", "alice"), std::pair("1200000000000000002", "bob"),
          std::pair("1200000000000000003", "carol"), std::pair("1200000000000000004", "dave"),
          std::pair("1200000000000000005", "robot")}) {
        users_[id] = {id, name};
    }
    users_["1200000000000000005"].bot = true;
    for (const auto& [id, name] :
         {std::pair("1100000000000000001", "access-requests"),
          std::pair("1100000000000000002", "dba-requests"),
          std::pair("1100000000000000003", "prod-requests")}) {
        discord_channel channel;
        channel.id = id;
        channel.name = name;
        channels_[id] = std::move(channel);
    }
}

discord_channel* discord_state::visible(const std::string& id, discord_refusal& why) {
    const auto found = channels_.find(id);
    if (found == channels_.end()) {
        why = {404, 10003, "Unknown Channel"};
        return nullptr;
    }
    if (!found->second.may_view) {
        why = missing_access();
        return nullptr;
    }
    return &found->second;
}

// Ids are the time and a number, and grow.
std::string discord_state::next_id() {
    const auto now = wall_clock_now().time_since_epoch().count() - first_millisecond;
    last_id_ = std::max(last_id_ + 1, static_cast<std::uint64_t>(now) << 22U);
    return std::to_string(last_id_);
}

std::string discord_state::issue_id() {
    const std::lock_guard lock(mutex_);
    return next_id();
}

const discord_message* discord_state::sent_with(const std::string& nonce) const {
    const auto known = nonces_.find(nonce);
    if (known == nonces_.end() || std::chrono::steady_clock::now() - known->second.at > nonce_kept_for) {
        return nullptr;
    }
    const auto channel = channels_.find(known->second.channel);
    if (channel == channels_.end()) {
        return nullptr;
    }
    const auto& messages = channel->second.messages;
    const auto found = std::ranges::find(messages, known->second.message, &discord_message::id);
    return found == messages.end() ? nullptr : &*found;
}

discord_outcome<discord_message> discord_state::post(const std::string& id, discord_form form) {
    discord_message made;
    {
        const std::lock_guard lock(mutex_);
        discord_refusal why;
        discord_channel* channel = visible(id, why);
        if (!channel) {
            return why;
        }
        const auto recipient = users_.find(channel->recipient);
        if (recipient != users_.end() && !recipient->second.takes_messages) {
            return discord_refusal(403, 50007, "Cannot send messages to this user");
        }
        if (!channel->may_send) {
            return discord_refusal(403, 50013, "Missing Permissions");
        }
        if (!form.reply_to.empty() && !channel->may_read_history) {
            return discord_refusal(403, 160002, "Cannot reply without permission to read message history");
        }
        if (!form.reply_to.empty() && find_message(*channel, form.reply_to) == channel->messages.end()) {
            return unknown_reference();
        }
        // Its author's, wherever it was sent to.
        if (const discord_message* before = form.enforce_nonce ? sent_with(form.nonce) : nullptr) {
            return *before;
        }
        made.content = form.content.value_or("");
        made.embeds = form.embeds.value_or(boost::json::array());
        made.components = form.components.value_or(boost::json::array());
        if (!channel->may_embed && made.content.empty()) {
            return discord_refusal(403, 50013, "Missing Permissions");
        }
        if (!channel->may_embed) {
            made.embeds.clear(); // in silence, where there is content
        }
        if (made.content.empty() && made.embeds.empty()) {
            return discord_refusal(400, 50006, "Cannot send an empty message");
        }
        made.id = next_id();
        made.nonce = form.nonce;
        made.reply_to = form.reply_to;
        made.allowed_mentions = std::move(form.allowed_mentions);
        channel->messages.push_back(made);
        nonces_[made.nonce] = {id, made.id, std::chrono::steady_clock::now()};
    }
    changes_.changed();
    return made;
}

discord_outcome<discord_message>
discord_state::edit(const std::string& id, const std::string& message_id, discord_form form) {
    discord_message changed;
    {
        const std::lock_guard lock(mutex_);
        discord_refusal why;
        discord_channel* channel = visible(id, why);
        if (!channel) {
            return why;
        }
        const auto found = find_message(*channel, message_id);
        if (found == channel->messages.end()) {
            return unknown_message();
        }
        found->earlier.push_back({found->content, found->embeds});
        found->content = form.content.value_or(found->content);
        found->embeds = form.embeds.value_or(found->embeds);
        found->components = form.components.value_or(found->components);
        if (!channel->may_embed) {
            found->embeds.clear();
        }
        // What the edit doesn't say is not kept.
        found->allowed_mentions = std::move(form.allowed_mentions);
        changed = *found;
    }
    changes_.changed();
    return changed;
}

discord_outcome<discord_channel> discord_state::open_direct(const std::string& user) {
    const std::lock_guard lock(mutex_);
    if (!users_.contains(user)) {
        return discord_refusal(400, 50033, "Invalid Recipient(s)");
    }
    const std::string id = "13" + user.substr(2);
    discord_channel& channel = channels_[id];
    channel.id = id;
    channel.recipient = user;
    return channel;
}

discord_outcome<discord_channel> discord_state::channel(const std::string& id) const {
    const std::lock_guard lock(mutex_);
    const auto found = channels_.find(id);
    if (found == channels_.end()) {
        return discord_refusal(404, 10003, "Unknown Channel");
    }
    return found->second.may_view ? discord_outcome<discord_channel>(found->second) : missing_access();
}

discord_outcome<std::vector<discord_message>>
discord_state::messages(const std::string& id, std::uint64_t after, std::size_t limit) const {
    const auto there = channel(id);
    if (!there) {
        return there.error();
    }
    std::vector<discord_message> page;
    if (!there->may_read_history) {
        return page;
    }
    for (const discord_message& message : there->messages) {
        if (number_of(message.id) > after && page.size() < limit) {
            page.push_back(message);
        }
    }
    std::ranges::reverse(page);
    return page;
}

std::vector<discord_channel> discord_state::channels() const {
    const std::lock_guard lock(mutex_);
    std::vector<discord_channel> all;
    for (const auto& [id, channel] : channels_) {
        all.push_back(channel);
    }
    return all;
}

std::vector<discord_user> discord_state::users() const {
    const std::lock_guard lock(mutex_);
    std::vector<discord_user> all;
    for (const auto& [id, user] : users_) {
        all.push_back(user);
    }
    return all;
}

void discord_state::put_user(discord_user user) {
    {
        const std::lock_guard lock(mutex_);
        const std::string id = user.id;
        users_[id] = std::move(user);
    }
    changes_.changed();
}

void discord_state::put_channel(discord_channel channel) {
    {
        const std::lock_guard lock(mutex_);
        discord_channel& kept = channels_[channel.id];
        channel.messages = std::move(kept.messages);
        kept = std::move(channel);
    }
    changes_.changed();
}

void discord_state::reset() {
    {
        const std::lock_guard lock(mutex_);
        fill();
    }
    interactions_.clear();
    changes_.changed();
}

} // namespace hallpass::sandbox
