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

// Which messages of a conversation are asked for, by their ts.
struct ts_range {
    explicit ts_range(const slack_arguments& arguments)
        : oldest(arguments.text("oldest")),
          latest(arguments.text("latest")),
          inclusive(arguments.flag("inclusive")) {}

    bool holds(const slack_message& message) const {
        // All have ten digits before the point and six behind it, so texts compare as numbers.
        const bool late_enough =
            oldest.empty() || oldest == "0" || message.ts > oldest || (inclusive && message.ts == oldest);
        const bool early_enough =
            latest.empty() || message.ts < latest || (inclusive && message.ts == latest);
        return late_enough && early_enough;
    }

    std::string oldest;
    std::string latest;
    bool inclusive;
};

// Takes the messages that belong to an answer, in order, and keeps the page that is asked for.
class message_page {
public:
    message_page(const slack_arguments& arguments, const slack_bot& bot)
        : from_(number(arguments, "cursor", 0)),
          limit_(std::clamp<std::size_t>(number(arguments, "limit", 100), 1, 999)),
          with_metadata_(arguments.flag("include_all_metadata")),
          bot_(bot) {}

    void add(const slack_message& message) {
        if (total_ >= from_ && page_.size() < limit_) {
            page_.emplace_back(to_json(message, bot_, with_metadata_));
        }
        ++total_;
    }

    bool empty() const noexcept { return total_ == 0; }

    json::object answer() && {
        json::object body{{"ok", true}, {"messages", std::move(page_)}};
        body["has_more"] = from_ + limit_ < total_;
        add_cursor(body, from_ + limit_, total_);
        return body;
    }

private:
    std::size_t from_;
    std::size_t limit_;
    bool with_metadata_;
    const slack_bot& bot_;
    std::size_t total_ = 0;
    json::array page_;
};

} // namespace

json::object to_json(const slack_user& user) {
    return {
        {"id", user.id},
        {"name", user.name},
        {"real_name", user.real_name},
        {"team_id", user.team_id},
        {"deleted", user.deleted},
        {"is_bot", user.is_bot},
        {"is_restricted", user.is_restricted},
        {"is_ultra_restricted", user.is_ultra_restricted},
        {"is_stranger", user.is_stranger},
        {"is_email_confirmed", user.is_email_confirmed},
        {"profile",
         json::object{{"email", user.email}, {"real_name", user.real_name}, {"team", user.team_id}}}};
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
    message_page page(arguments, slack.bot());
    const ts_range wanted(arguments);
    const bool known = slack.read_channel(arguments.text("channel"), [&](const slack_channel& channel) {
        for (auto it = channel.messages.rbegin(); it != channel.messages.rend(); ++it) {
            const bool is_reply = !it->thread_ts.empty() && it->thread_ts != it->ts;
            if (!is_reply && it->ephemeral_for.empty() && wanted.holds(*it)) {
                page.add(*it);
            }
        }
    });
    return known ? std::move(page).answer() : slack_error("channel_not_found");
}

json::object answer_conversations_replies(slack_state& slack, const slack_arguments& arguments) {
    message_page page(arguments, slack.bot());
    const ts_range wanted(arguments);
    const std::string ts = arguments.text("ts");
    const bool known = slack.read_channel(arguments.text("channel"), [&](const slack_channel& channel) {
        for (const slack_message& message : channel.messages) {
            const bool belongs = message.ts == ts || message.thread_ts == ts;
            if (belongs && message.ephemeral_for.empty() && (message.ts == ts || wanted.holds(message))) {
                page.add(message);
            }
        }
    });
    if (!known) {
        return slack_error("channel_not_found");
    }
    return page.empty() ? slack_error("thread_not_found") : std::move(page).answer();
}

} // namespace hallpass::sandbox
