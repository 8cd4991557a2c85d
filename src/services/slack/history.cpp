#include "services/slack/history.hpp"

#include "base/text.hpp"
#include "services/slack/messages.hpp"
#include "services/slack/replies.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace hallpass::services::slack {

namespace json = boost::json;
using boost::asio::awaitable;

// One way through a conversation, for everybody who looked before it began.
struct reading {
    reading(const boost::asio::any_io_executor& executor, std::string where, std::string under)
        : conversation(std::move(where)),
          thread(std::move(under)),
          over(executor, boost::asio::steady_timer::time_point::max()) {}

    std::string conversation;
    std::string thread;
    instant since = instant::max();
    std::map<access::delivery_key, std::optional<access::message_ref>> wanted;
    std::size_t missing = 0;
    bool begun = false;
    bool ended = false;
    std::optional<fault> failed;
    boost::asio::steady_timer over; // cancelled at the end, and when it may begin
};

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

query page_of(const reading& what, const std::string& cursor) {
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

fault too_much(std::string_view method, const reading& what) {
    return fault(
        fault_kind::unsupported, "Slack " + std::string(method) + ": too many messages since " +
                                     to_rfc3339(what.since) + " to look through in " + what.conversation
    );
}

// Fills in those of the wanted messages that are among these.
void note_found(const json::array& messages, const identity& me, reading& of) {
    for (const json::value& one : messages) {
        const json::object* message = one.if_object();
        if (!message || !is_mine(*message, me)) {
            continue;
        }
        for (const access::delivery_key& key : keys_of(*message)) {
            const auto wanted = of.wanted.find(key);
            if (wanted != of.wanted.end() && !wanted->second) {
                wanted->second = access::message_ref(of.conversation, std::string(text_of(*message, "ts")));
                --of.missing;
            }
        }
    }
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

history::question::question(history& of, std::string name, std::shared_ptr<boost::asio::steady_timer> over)
    : of_(of), name_(std::move(name)), over_(std::move(over)) {
    of_.questions_[name_] = over_;
}

history::question::~question() {
    of_.questions_.erase(name_);
    over_->cancel();
}

awaitable<std::unique_ptr<history::question>> history::ask(std::string name) {
    const auto asked = questions_.find(name);
    if (asked == questions_.end()) {
        const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
        auto over = std::make_shared<boost::asio::steady_timer>(
            executor, boost::asio::steady_timer::time_point::max()
        );
        co_return std::make_unique<question>(*this, std::move(name), std::move(over));
    }
    const std::shared_ptr<boost::asio::steady_timer> over = asked->second;
    boost::system::error_code ended; // aborted is how its end comes
    co_await over->async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ended));
    co_return nullptr;
}

awaitable<result<std::string>> history::conversation_of(access::address to, instant until) {
    const bool is_conversation = is_id(to.id) && to.id.front() != 'U' && to.id.front() != 'W';
    if (is_conversation) {
        co_return to.id;
    }
    std::unique_ptr<question> mine;
    while (!mine) {
        const auto known = channels_.find(to.id);
        if (known != channels_.end()) {
            co_return known->second;
        }
        if (left(until).count() <= 0) {
            co_return too_slow("conversation of an address");
        }
        mine = co_await ask(to.id);
    }
    auto found = is_id(to.id) ? direct_conversation_with(to.id, until) : channel_named(to.id, until);
    result<std::string> id = co_await std::move(found);
    if (id) {
        learn(to.id, *id);
    }
    co_return id;
}

awaitable<result<std::string>> history::direct_conversation_with(std::string user, instant until) {
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

struct history::line {
    std::shared_ptr<reading> next; // not begun: it can still be joined
    bool busy = false;
};

awaitable<result<std::optional<access::message_ref>>> history::find(sought what, identity me) {
    const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
    const std::pair place(what.conversation, what.thread);
    std::shared_ptr<line>& slot = lines_[place];
    if (!slot) {
        slot = std::make_shared<line>();
    }
    const std::shared_ptr<line> queue = slot;
    if (!queue->next) {
        queue->next = std::make_shared<reading>(executor, what.conversation, what.thread);
    }
    const std::shared_ptr<reading> mine = queue->next;
    mine->since = std::min(mine->since, what.since);
    mine->missing += mine->wanted.try_emplace(what.key).second ? 1U : 0U;
    while (!mine->ended) {
        if (!queue->busy && !mine->begun) {
            co_await lead(queue, mine, me);
            break;
        }
        boost::system::error_code woken; // aborted is how its turn and its end come
        co_await mine->over.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    }
    // Those of an ended reading may come here when others have begun another line.
    const auto current = lines_.find(place);
    if (!queue->busy && !queue->next && current != lines_.end() && current->second == queue) {
        lines_.erase(current);
    }
    const std::optional<access::message_ref> found = mine->wanted.at(what.key);
    if (!found && mine->failed) {
        co_return *mine->failed;
    }
    co_return found;
}

// Reads for all who have joined; whoever comes meanwhile joins the next.
awaitable<void> history::lead(std::shared_ptr<line> in, std::shared_ptr<reading> of, identity me) {
    // However it ends, also by an exception, the others are told and the next may begin.
    struct turn {
        turn(std::shared_ptr<line> waiting, std::shared_ptr<reading> what)
            : queue(std::move(waiting)), now(std::move(what)) {
            queue->next.reset();
            queue->busy = true;
            now->begun = true;
        }

        turn(const turn&) = delete;
        turn& operator=(const turn&) = delete;

        ~turn() {
            queue->busy = false;
            now->ended = true;
            now->over.cancel();
            if (queue->next) {
                queue->next->over.cancel();
            }
        }

        std::shared_ptr<line> queue;
        std::shared_ptr<reading> now;
    };

    const turn held(std::move(in), of);
    of->failed = fault(fault_kind::transient, "the look-up was cut off");
    const result<void> read = co_await read_through(of, std::move(me), time_.now() + longest_look);
    of->failed = read ? std::nullopt : std::optional<fault>(read.error());
    if (of->failed && of->failed->kind() == fault_kind::cancelled) {
        of->failed = fault(fault_kind::transient, "the look-up was cut off");
    }
}

awaitable<result<void>> history::read_through(std::shared_ptr<reading> of, identity me, instant until) {
    const std::string method = of->thread.empty() ? "conversations.history" : "conversations.replies";
    std::string cursor;
    bool short_pages = true;
    for (int page = 0; page < most_pages && of->missing > 0; ++page) {
        const std::chrono::milliseconds time_left = left(until);
        if (time_left.count() <= 0) {
            co_return page < many_pages ? too_slow(method) : too_much(method, *of);
        }
        query parameters = page_of(*of, cursor);
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
        note_found(*messages, me, *of);
        short_pages = short_pages && messages->size() <= restricted_page;
        cursor = next_cursor(*reply);
        if (cursor.empty()) {
            co_return has_more(*reply) && of->missing > 0 ? result<void>(too_much(method, *of))
                                                          : result<void>();
        }
    }
    co_return of->missing > 0 ? result<void>(too_much(method, *of)) : result<void>();
}

} // namespace hallpass::services::slack
