#include "services/discord/history.hpp"

#include "base/text.hpp"
#include "services/discord/messages.hpp"
#include "services/discord/replies.hpp"
#include "services/discord/snowflake.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace hallpass::services::discord {

namespace json = boost::json;
using boost::asio::awaitable;

namespace {

constexpr int most_pages = 20;
constexpr int many_pages = 5; // of the time that these take, it is their number that is to blame
constexpr std::size_t page_size = 100;
// Discord's clock and ours may differ.
constexpr std::chrono::seconds margin{60};

using opt_ref = std::optional<access::message_ref>;

std::string name_of(const std::string& channel) {
    return "Discord GET channels/" + channel + "/messages: ";
}

fault too_slow(const std::string& channel) {
    return fault(
        fault_kind::transient,
        name_of(channel) + "not looked through within " + std::to_string(longest_look.count()) + " s"
    );
}

fault too_much(const sought& what) {
    return fault(
        fault_kind::unsupported,
        name_of(what.channel) + "too many messages since " + to_rfc3339(what.since) + " to look through"
    );
}

bool is_sought(const json::object& message, const sought& what) {
    return text_of(object_of(message, "author"), "id") == what.author && carries(message, what.key);
}

// What a page holds of use.
struct page_view {
    opt_ref found;
    std::uint64_t newest = 0;
};

page_view look_at(const json::array& messages, const sought& what) {
    page_view seen;
    for (const json::value& member : messages) {
        const json::object* message = member.if_object();
        if (!message) {
            continue;
        }
        const std::string_view id = text_of(*message, "id");
        seen.newest = std::max(seen.newest, parse_snowflake(id).value_or(0));
        if (!seen.found && is_sought(*message, what)) {
            seen.found = access::message_ref(what.channel, std::string(id));
        }
    }
    return seen;
}

// Where to begin: a reply is newer than what it replies to.
std::uint64_t start_of(const sought& what) {
    const std::uint64_t by_time = first_snowflake(what.since - margin);
    return std::max(by_time, parse_snowflake(what.thread).value_or(0));
}

call page_after(const std::string& channel, std::uint64_t after, std::chrono::milliseconds deadline) {
    call made(ports::http_method::get, "channels/" + channel + "/messages");
    made.below = "?after=" + std::to_string(after) + "&limit=" + std::to_string(page_size);
    made.deadline = deadline;
    return made;
}

} // namespace

fault cant_look(const fault& failed) {
    if (failed.kind() == fault_kind::permanent || failed.kind() == fault_kind::unauthorised) {
        return fault(fault_kind::unsupported, failed.text());
    }
    return failed;
}

history::history(api& discord, ports::clock& time) : discord_(discord), time_(time) {}

std::chrono::milliseconds history::left(instant until) const {
    return std::min<std::chrono::milliseconds>(until - time_.now(), usual_deadline);
}

awaitable<result<opt_ref>> history::find(sought what, instant until) {
    std::uint64_t after = start_of(what);
    bool seen_any = false;
    for (int page = 0; page < most_pages; ++page) {
        const std::chrono::milliseconds time_left = left(until);
        if (time_left.count() <= 0) {
            co_return page < many_pages ? too_slow(what.channel) : too_much(what);
        }
        call next = page_after(what.channel, after, time_left);
        const auto reply = co_await discord_.send(std::move(next));
        if (reply.has_error()) {
            co_return cant_look(reply.error());
        }
        const json::array* messages = reply->if_array();
        if (!messages) {
            co_return fault(fault_kind::transient, name_of(what.channel) + "the answer is no list");
        }
        const page_view seen = look_at(*messages, what);
        if (seen.found) {
            co_return seen.found;
        }
        seen_any = seen_any || !messages->empty();
        if (messages->size() < page_size && seen_any) {
            co_return opt_ref();
        }
        if (messages->empty()) {
            const result<void> silent = co_await check_silence(what.channel, after, until);
            if (silent.has_error()) {
                co_return silent.error();
            }
            co_return opt_ref();
        }
        if (seen.newest <= after) {
            co_return fault(fault_kind::transient, name_of(what.channel) + "the list doesn't go on");
        }
        after = seen.newest;
    }
    co_return too_much(what);
}

// Without the permission to read, Discord answers with an empty list instead of a refusal
// (api-messaging 2.1).
awaitable<result<void>> history::check_silence(std::string channel, std::uint64_t after, instant until) {
    const std::chrono::milliseconds time_left = left(until);
    if (time_left.count() <= 0) {
        co_return too_slow(channel);
    }
    call asked(ports::http_method::get, "channels/" + channel);
    asked.deadline = time_left;
    const auto reply = co_await discord_.ask(std::move(asked));
    if (reply.has_error()) {
        co_return cant_look(reply.error());
    }
    const json::value* type = reply->if_contains("type");
    if (!type || !type->is_int64()) {
        co_return fault(
            fault_kind::transient, "Discord GET channels/" + channel + ": the answer has no type"
        );
    }
    constexpr std::int64_t direct = 1; // where nobody can take the permission away
    const std::uint64_t newest = parse_snowflake(text_of(*reply, "last_message_id")).value_or(0);
    if (type->get_int64() == direct || newest <= after) {
        co_return result<void>();
    }
    co_return fault(
        fault_kind::unsupported,
        name_of(channel) + "no messages are shown, although there are newer ones; give the bot's role Read "
                           "Message History in the channel"
    );
}

} // namespace hallpass::services::discord
