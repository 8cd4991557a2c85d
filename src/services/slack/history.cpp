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
constexpr int many_pages = 5; // of the time that these take, it is their number that is to blame
// What Slack cuts pages to for apps that are distributed outside its Marketplace (api-messaging 1.4).
constexpr std::size_t restricted_page = 15;
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

// The list of that name; null where the answer holds none, from which nothing follows.
const json::array* list_in(const json::object& reply, std::string_view name) {
    const json::value* found = reply.if_contains(name);
    return found ? found->if_array() : nullptr;
}

// The first object of the list that is wanted; null where there is none.
template <class Wanted>
const json::object* first_in(const json::array& members, Wanted wanted) {
    for (const json::value& member : members) {
        const json::object* object = member.if_object();
        if (object && wanted(*object)) {
            return object;
        }
    }
    return nullptr;
}

fault without(std::string_view method, std::string_view list) {
    return fault(
        fault_kind::transient,
        "Slack " + std::string(method) + ": the answer holds no list of " + std::string(list)
    );
}

fault too_slow(std::string_view method) {
    return fault(
        fault_kind::transient, "Slack " + std::string(method) + ": not looked through within " +
                                   std::to_string(longest_look.count()) + " s"
    );
}

bool has_more(const json::object& reply) {
    const json::value* more = reply.if_contains("has_more");
    return more && more->is_bool() && more->get_bool();
}

std::string oldest_of(instant since) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(since.time_since_epoch()) - margin;
    return std::to_string(std::max<std::int64_t>(0, seconds.count())) + ".000000";
}

query page_of(const sought& what, const std::string& cursor) {
    query parameters{{"channel", what.conversation}, {"include_all_metadata", "true"}, {"inclusive", "true"}};
    parameters.emplace_back("oldest", oldest_of(what.since));
    parameters.emplace_back("limit", page_size);
    if (!what.thread.empty()) {
        parameters.emplace_back("ts", what.thread);
    }
    if (!cursor.empty()) {
        parameters.emplace_back("cursor", cursor);
    }
    return parameters;
}

fault too_much(std::string_view method, const sought& what) {
    return fault(
        fault_kind::unsupported, "Slack " + std::string(method) + ": too many messages since " +
                                     to_rfc3339(what.since) + " to look through in " + what.conversation
    );
}

fault restricted(const fault& limited) {
    return fault(
        fault_kind::unsupported,
        limited.text() + "; Slack lets apps that are distributed outside its Marketplace read 15 messages a "
                         "minute: create the app in this workspace"
    );
}

} // namespace

fault cant_look(const fault& failed) {
    if (failed.kind() == fault_kind::permanent || failed.kind() == fault_kind::unauthorised) {
        return fault(fault_kind::unsupported, failed.text());
    }
    return failed;
}

bool is_id(std::string_view text) noexcept {
    return text.size() >= 9 && std::string_view("CDGUW").find(text.front()) != std::string_view::npos &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
           });
}

history::history(api& slack, ports::clock& time) : slack_(slack), time_(time) {}

void history::learn(const std::string& name, const std::string& id) {
    if (channels_.size() < most_channels) {
        channels_.insert_or_assign(name, id);
    }
}

std::chrono::milliseconds history::left(instant until) const {
    return std::min<std::chrono::milliseconds>(until - time_.now(), usual_deadline);
}

awaitable<result<std::string>> history::conversation_of(access::address to, instant until) {
    if (!is_id(to.id)) {
        return channel_named(std::move(to.id), until);
    }
    return direct_conversation_with(std::move(to.id), until);
}

awaitable<result<std::string>> history::direct_conversation_with(std::string user, instant until) {
    if (user.front() != 'U' && user.front() != 'W') {
        co_return user;
    }
    const std::string method = "conversations.open";
    const std::chrono::milliseconds time_left = left(until);
    if (time_left.count() <= 0) {
        co_return too_slow(method);
    }
    json::object body;
    body.emplace("users", user);
    const auto reply = co_await slack_.call(method, std::move(body), time_left);
    if (reply.has_error()) {
        co_return cant_look(reply.error());
    }
    const std::string id(text_of(object_of(*reply, "channel"), "id"));
    if (id.empty()) {
        co_return fault(fault_kind::transient, "Slack conversations.open: the answer names no conversation");
    }
    co_return id;
}

awaitable<result<std::string>> history::channel_named(std::string name, instant until) {
    const auto known = channels_.find(name);
    if (known != channels_.end()) {
        co_return known->second;
    }
    const std::string method = "conversations.list";
    const std::string mend = "; name it by its id in role_to_recipients";
    std::string cursor;
    for (int page = 0; page < most_pages; ++page) {
        const std::chrono::milliseconds time_left = left(until);
        if (time_left.count() <= 0) {
            co_return too_slow(method);
        }
        query parameters{
            {"types", "public_channel,private_channel"}, {"exclude_archived", "true"}, {"limit", "1000"}};
        if (!cursor.empty()) {
            parameters.emplace_back("cursor", cursor);
        }
        const auto reply = co_await slack_.get(method, std::move(parameters), time_left);
        if (reply.has_error()) {
            co_return cant_look(reply.error());
        }
        const json::array* channels = list_in(*reply, "channels");
        if (!channels) {
            co_return without(method, "channels");
        }
        const json::object* channel =
            first_in(*channels, [&name](const json::object& one) { return text_of(one, "name") == name; });
        if (channel) {
            const std::string id(text_of(*channel, "id"));
            learn(name, id);
            co_return id;
        }
        cursor = next_cursor(*reply);
        if (cursor.empty()) {
            co_return fault(
                fault_kind::unsupported, "Slack " + method + ": no channel #" + one_line(name, 80) + mend
            );
        }
    }
    co_return fault(
        fault_kind::unsupported,
        "Slack " + method + ": too many channels to look for #" + one_line(name, 80) + mend
    );
}

awaitable<result<std::optional<access::message_ref>>> history::find(sought what, identity me, instant until) {
    const std::string method = what.thread.empty() ? "conversations.history" : "conversations.replies";
    std::string cursor;
    bool short_pages = true;
    for (int page = 0; page < most_pages; ++page) {
        const std::chrono::milliseconds time_left = left(until);
        if (time_left.count() <= 0) {
            co_return page < many_pages ? too_slow(method) : too_much(method, what);
        }
        query parameters = page_of(what, cursor);
        const auto reply = co_await slack_.get(method, std::move(parameters), time_left);
        if (reply.has_error()) {
            const bool limited = reply.error().kind() == fault_kind::rate_limited;
            // Later it would be the same: what was read so far is all that may be read in a minute.
            const bool for_good = limited && page > 0 && short_pages;
            co_return for_good ? restricted(reply.error()) : cant_look(reply.error());
        }
        const json::array* messages = list_in(*reply, "messages");
        if (!messages) {
            co_return without(method, "messages");
        }
        const json::object* message = first_in(*messages, [&](const json::object& one) {
            return is_mine(one, me) && carries(one, what.key);
        });
        if (message) {
            co_return access::message_ref(what.conversation, std::string(text_of(*message, "ts")));
        }
        short_pages = short_pages && messages->size() <= restricted_page;
        cursor = next_cursor(*reply);
        if (cursor.empty() && has_more(*reply)) {
            co_return too_much(method, what);
        }
        if (cursor.empty()) {
            co_return std::optional<access::message_ref>();
        }
    }
    co_return too_much(method, what);
}

} // namespace hallpass::services::slack
