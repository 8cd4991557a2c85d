#include "sandbox/slack_answers.hpp"

#include "base/text.hpp"
#include "sandbox/slack_methods.hpp"

#include <algorithm>
#include <charconv>

namespace hallpass::sandbox {

namespace {

namespace json = boost::json;

std::size_t number(const slack_arguments& arguments, std::string_view key, std::size_t otherwise) {
    const std::string text = arguments.text(key);
    std::size_t value = otherwise;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

// One page of a list; the cursor is the number of the next item.
template <class T>
json::array page_of(const std::vector<T>& items, std::size_t from, std::size_t limit) {
    json::array page;
    for (std::size_t i = from; i < items.size() && page.size() < limit; ++i) {
        page.push_back(items[i]);
    }
    return page;
}

void add_cursor(json::object& body, std::size_t next, std::size_t total) {
    body["response_metadata"] = {{"next_cursor", next < total ? std::to_string(next) : std::string()}};
}

bool in_range(const slack_message& message, const slack_arguments& arguments) {
    const std::string oldest = arguments.text("oldest");
    const std::string latest = arguments.text("latest");
    const bool inclusive = arguments.flag("inclusive");
    // All have ten digits before the point and six behind it, so texts compare as numbers.
    const bool late_enough =
        oldest.empty() || oldest == "0" || message.ts > oldest || (inclusive && message.ts == oldest);
    const bool early_enough = latest.empty() || message.ts < latest || (inclusive && message.ts == latest);
    return late_enough && early_enough;
}

json::object paged_messages(const std::vector<json::value>& messages, const slack_arguments& arguments) {
    const std::size_t from = number(arguments, "cursor", 0);
    const std::size_t limit = std::clamp<std::size_t>(number(arguments, "limit", 100), 1, 999);
    json::object body{{"ok", true}, {"messages", page_of(messages, from, limit)}};
    body["has_more"] = from + limit < messages.size();
    add_cursor(body, from + limit, messages.size());
    return body;
}

} // namespace

json::object to_json(const slack_user& user) {
    return {
        {"id", user.id},
        {"name", user.name},
        {"real_name", user.real_name},
        {"deleted", false},
        {"is_bot", user.email.empty()},
        {"profile", json::object{{"email", user.email}, {"real_name", user.real_name}}}};
}

json::object to_json(const slack_channel& channel) {
    const bool direct = !channel.im_user.empty();
    json::object out{
        {"id", channel.id},
        {"is_channel", !direct},
        {"is_im", direct},
        {"is_private", channel.is_private},
        {"is_archived", channel.is_archived},
        {"is_member", true}};
    if (direct) {
        out["user"] = channel.im_user;
    } else {
        out["name"] = channel.name;
    }
    return out;
}

json::object to_json(const slack_message& message, const slack_bot& bot, bool with_metadata) {
    json::object out{{"type", "message"},    {"user", message.user}, {"bot_id", bot.bot_id},
                     {"app_id", bot.app_id}, {"team", bot.team_id},  {"ts", message.ts},
                     {"text", message.text}};
    if (!message.blocks.empty()) {
        out["blocks"] = message.blocks;
    }
    if (!message.thread_ts.empty()) {
        out["thread_ts"] = message.thread_ts;
    }
    if (!message.edited_ts.empty()) {
        out["edited"] = {{"user", message.user}, {"ts", message.edited_ts}};
    }
    if (with_metadata && !message.metadata.empty()) {
        out["metadata"] = message.metadata;
    }
    return out;
}

json::object answer_conversations_list(slack_state& slack, const slack_arguments& arguments) {
    const std::string given = arguments.text("types");
    const auto types = split(given.empty() ? "public_channel" : given, ',');
    const auto wanted = [&](const slack_channel& channel) {
        const char* type = !channel.im_user.empty() ? "im"
                           : channel.is_private     ? "private_channel"
                                                    : "public_channel";
        return std::ranges::find(types, type) != types.end() &&
               !(channel.is_archived && arguments.flag("exclude_archived"));
    };
    std::vector<json::value> found;
    for (const slack_channel& channel : slack.channels(0)) {
        if (wanted(channel)) {
            found.emplace_back(to_json(channel));
        }
    }
    const std::size_t from = number(arguments, "cursor", 0);
    const std::size_t limit = std::clamp<std::size_t>(number(arguments, "limit", 100), 1, 1000);
    json::object body{{"ok", true}, {"channels", page_of(found, from, limit)}};
    add_cursor(body, from + limit, found.size());
    return body;
}

json::object answer_conversations_history(slack_state& slack, const slack_arguments& arguments) {
    const auto channel = slack.channel(arguments.text("channel"));
    if (!channel) {
        return slack_error("channel_not_found");
    }
    std::vector<json::value> newest_first;
    for (auto it = channel->messages.rbegin(); it != channel->messages.rend(); ++it) {
        const bool is_reply = !it->thread_ts.empty() && it->thread_ts != it->ts;
        if (!is_reply && it->ephemeral_for.empty() && in_range(*it, arguments)) {
            newest_first.emplace_back(to_json(*it, slack.bot(), arguments.flag("include_all_metadata")));
        }
    }
    return paged_messages(newest_first, arguments);
}

json::object answer_conversations_replies(slack_state& slack, const slack_arguments& arguments) {
    const auto channel = slack.channel(arguments.text("channel"));
    if (!channel) {
        return slack_error("channel_not_found");
    }
    const std::string ts = arguments.text("ts");
    std::vector<json::value> thread;
    for (const slack_message& message : channel->messages) {
        const bool belongs = message.ts == ts || message.thread_ts == ts;
        if (belongs && message.ephemeral_for.empty() && (message.ts == ts || in_range(message, arguments))) {
            thread.emplace_back(to_json(message, slack.bot(), arguments.flag("include_all_metadata")));
        }
    }
    if (thread.empty()) {
        return slack_error("thread_not_found");
    }
    return paged_messages(thread, arguments);
}

} // namespace hallpass::sandbox
