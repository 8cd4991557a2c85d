#include "services/slack/history.hpp"

#include "base/text.hpp"
#include "services/slack/messages.hpp"
#include "services/slack/replies.hpp"

#include <algorithm>

namespace hallpass::services::slack {

namespace json = boost::json;
using boost::asio::awaitable;

namespace {

constexpr int most_pages = 20;
constexpr std::size_t most_channels = 4096;
constexpr std::string_view page_size = "200";
// Slack's clock and ours may differ.
constexpr std::chrono::seconds margin{60};

std::string next_cursor(const json::object& reply) {
    return std::string(text_of(object_of(reply, "response_metadata"), "next_cursor"));
}

bool is_mine(const json::object& message, const identity& me) {
    const bool by_bot = !me.bot_id.empty() && text_of(message, "bot_id") == me.bot_id;
    const bool by_user = !me.user_id.empty() && text_of(message, "user") == me.user_id;
    return by_bot || by_user;
}

// The first object of the list that is wanted; null where there is none.
template <class Wanted>
const json::object* first_in(const json::object& reply, std::string_view list, Wanted wanted) {
    const json::value* found = reply.if_contains(list);
    const json::array* members = found ? found->if_array() : nullptr;
    if (!members) {
        return nullptr;
    }
    for (const json::value& member : *members) {
        const json::object* object = member.if_object();
        if (object && wanted(*object)) {
            return object;
        }
    }
    return nullptr;
}

std::string oldest_of(instant since) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(since.time_since_epoch()) - margin;
    return std::to_string(std::max<std::int64_t>(0, seconds.count())) + ".000000";
}

// What keeps us from looking, in the words of a fault that says so.
fault cant_look(const fault& failed) {
    if (failed.kind() == fault_kind::permanent || failed.kind() == fault_kind::unauthorised) {
        return fault(fault_kind::unsupported, failed.text());
    }
    return failed;
}

} // namespace

bool is_id(std::string_view text) noexcept {
    return text.size() >= 9 && std::string_view("CDGUW").find(text.front()) != std::string_view::npos &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
           });
}

history::history(api& slack) : slack_(slack) {}

void history::learn(const std::string& name, const std::string& id) {
    if (channels_.size() < most_channels) {
        channels_.insert_or_assign(name, id);
    }
}

awaitable<result<std::string>> history::conversation_of(access::address to) {
    if (!is_id(to.id)) {
        return channel_named(std::move(to.id));
    }
    return direct_conversation_with(std::move(to.id));
}

awaitable<result<std::string>> history::direct_conversation_with(std::string user) {
    if (user.front() != 'U' && user.front() != 'W') {
        co_return user;
    }
    json::object body;
    body.emplace("users", user);
    const auto reply = co_await slack_.call("conversations.open", std::move(body));
    if (reply.has_error()) {
        co_return cant_look(reply.error());
    }
    const std::string id(text_of(object_of(*reply, "channel"), "id"));
    if (id.empty()) {
        co_return fault(fault_kind::transient, "Slack conversations.open: the answer names no conversation");
    }
    co_return id;
}

awaitable<result<std::string>> history::channel_named(std::string name) {
    const auto known = channels_.find(name);
    if (known != channels_.end()) {
        co_return known->second;
    }
    std::string cursor;
    for (int page = 0; page < most_pages; ++page) {
        query parameters{
            {"types", "public_channel,private_channel"}, {"exclude_archived", "true"}, {"limit", "1000"}};
        if (!cursor.empty()) {
            parameters.emplace_back("cursor", cursor);
        }
        const auto reply = co_await slack_.get("conversations.list", std::move(parameters));
        if (reply.has_error()) {
            co_return cant_look(reply.error());
        }
        const json::object* channel = first_in(*reply, "channels", [&name](const json::object& one) {
            return text_of(one, "name") == name;
        });
        if (channel) {
            const std::string id(text_of(*channel, "id"));
            learn(name, id);
            co_return id;
        }
        cursor = next_cursor(*reply);
        if (cursor.empty()) {
            break;
        }
    }
    co_return fault(
        fault_kind::unsupported, "Slack conversations.list: no channel #" + one_line(name, 80) +
                                     "; name it by its id in role_to_recipients"
    );
}

awaitable<result<std::optional<access::message_ref>>> history::find(
    std::string conversation, std::string thread, access::delivery_key key, instant since, identity me
) {
    const std::string method = thread.empty() ? "conversations.history" : "conversations.replies";
    std::string cursor;
    for (int page = 0; page < most_pages; ++page) {
        query parameters{{"channel", conversation}, {"include_all_metadata", "true"}, {"inclusive", "true"}};
        parameters.emplace_back("oldest", oldest_of(since));
        parameters.emplace_back("limit", page_size);
        if (!thread.empty()) {
            parameters.emplace_back("ts", thread);
        }
        if (!cursor.empty()) {
            parameters.emplace_back("cursor", cursor);
        }
        const auto reply = co_await slack_.get(method, std::move(parameters));
        if (reply.has_error()) {
            co_return cant_look(reply.error());
        }
        const json::object* message = first_in(*reply, "messages", [&](const json::object& one) {
            return is_mine(one, me) && carries(one, key);
        });
        if (message) {
            co_return access::message_ref(conversation, std::string(text_of(*message, "ts")));
        }
        cursor = next_cursor(*reply);
        if (cursor.empty()) {
            co_return std::optional<access::message_ref>();
        }
    }
    co_return fault(
        fault_kind::unsupported, "Slack " + method + ": too many messages since " + to_rfc3339(since) +
                                     " to look through in " + conversation
    );
}

} // namespace hallpass::services::slack
