#include "services/mattermost/history.hpp"

#include "base/text.hpp"
#include "services/json_members.hpp"
#include "services/mattermost/messages.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <cstdint>

namespace hallpass::services::mattermost {

namespace json = boost::json;
using boost::asio::awaitable;

namespace {

constexpr std::size_t page_size = 200; // the most that Mattermost gives
constexpr int most_pages = 20;
constexpr int many_pages = 5; // of the time that these take, it is their number that is to blame
// Mattermost's clock and ours may differ.
constexpr std::chrono::seconds margin{60};

using opt_ref = std::optional<access::message_ref>;

std::string name_of(const std::string& channel) {
    return "Mattermost GET channels/" + channel + "/posts: ";
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
        name_of(what.channel) + "too many posts since " + to_rfc3339(what.since) + " to look through"
    );
}

std::int64_t milliseconds_of(const json::object& post, std::string_view name) {
    const json::value* found = post.if_contains(name);
    return found != nullptr && found->is_int64() ? found->get_int64() : 0;
}

bool is_sought(const json::object& post, const sought& what) {
    return text_of(post, "user_id") == what.author && text_of(post, "channel_id") == what.channel &&
           milliseconds_of(post, "delete_at") == 0 && carries(post, what.key);
}

// What a page holds of use. A page goes back in time.
struct page_view {
    opt_ref found;
    std::size_t posts = 0;
    std::int64_t oldest = INT64_MAX;
};

page_view look_at(const json::object& posts, const json::array& order, const sought& what) {
    page_view seen;
    for (const json::value& member : order) {
        const json::string* id = member.if_string();
        if (id == nullptr) {
            continue;
        }
        ++seen.posts;
        const json::object& post = object_of(posts, *id);
        if (const std::int64_t made = milliseconds_of(post, "create_at"); made > 0) {
            seen.oldest = std::min(seen.oldest, made);
        }
        if (!seen.found && is_sought(post, what)) {
            seen.found = access::message_ref(what.channel, std::string(*id));
        }
    }
    return seen;
}

call page_of(const std::string& channel, int page, std::chrono::milliseconds deadline) {
    call made(ports::http_method::get, "channels/" + channel + "/posts");
    made.query = "?page=" + std::to_string(page) + "&per_page=" + std::to_string(page_size);
    made.deadline = deadline;
    return made;
}

} // namespace

fault cant_look(const fault& failed) {
    const bool refused = failed.kind() == fault_kind::permanent || failed.kind() == fault_kind::not_found ||
                         failed.kind() == fault_kind::unauthorised;
    return refused ? fault(fault_kind::unsupported, failed.text()) : failed;
}

history::history(api& mattermost, ports::clock& time) : mattermost_(mattermost), time_(time) {}

// From the newest back: a post that comes meanwhile moves older ones to the next page, so one may be seen
// twice and none is passed over.
awaitable<result<opt_ref>> history::find(sought what, instant until) {
    const std::int64_t begin =
        std::chrono::duration_cast<std::chrono::milliseconds>((what.since - margin).time_since_epoch())
            .count();
    for (int page = 0; page < most_pages; ++page) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - time_.now());
        if (left.count() <= 0) {
            co_return page < many_pages ? too_slow(what.channel) : too_much(what);
        }
        call next = page_of(what.channel, page, std::min(left, usual_deadline));
        const auto reply = co_await mattermost_.ask(std::move(next));
        if (reply.has_error()) {
            co_return cant_look(reply.error());
        }
        const json::value* order = reply->if_contains("order");
        if (order == nullptr || !order->is_array()) {
            co_return fault(fault_kind::transient, name_of(what.channel) + "the answer has no order");
        }
        const page_view seen = look_at(object_of(*reply, "posts"), order->get_array(), what);
        if (seen.found) {
            co_return seen.found;
        }
        if (seen.posts < page_size || seen.oldest < begin) {
            co_return opt_ref();
        }
    }
    co_return too_much(what);
}

} // namespace hallpass::services::mattermost
