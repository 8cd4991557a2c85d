#include "services/discord/api.hpp"

#include "services/call_faults.hpp"
#include "services/discord/replies.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace hallpass::services::discord {

namespace json = boost::json;
using boost::asio::awaitable;

namespace {

constexpr std::size_t largest_reply = std::size_t{4} * 1024 * 1024;
// 50 calls a second, whatever they are (api-messaging 2.2).
constexpr std::chrono::milliseconds discords_interval{20};
// In this form, or Cloudflare may block it.
constexpr std::string_view agent = "DiscordBot (https://hallpass.invalid, " HALLPASS_VERSION ")";

std::string route_of(const call& what) {
    return std::string(to_string(what.method)) + ' ' + what.path;
}

} // namespace

api::api(ports::http_client& http, discord_config config) : http_(http), config_(std::move(config)) {}

ports::http_request api::request_for(const call& what) const {
    ports::http_request made(what.method, config_.api_url + what.path + what.below);
    if (what.by_token) {
        made.logged_as = what.path + "/…";
    } else {
        made.headers.emplace_back("Authorization", "Bot " + std::string(config_.token.reveal()));
    }
    made.headers.emplace_back("User-Agent", agent);
    if (what.body) {
        made.headers.emplace_back("Content-Type", "application/json");
        made.body = json::serialize(*what.body);
    }
    // Discord counts each interaction by itself, and none of its calls among the 50.
    if (!what.by_token) {
        made.pace_keys.push_back(
            {"discord", std::max<std::chrono::nanoseconds>(config_.least_interval, discords_interval)}
        );
        // Discord counts a route by itself, and for each channel apart.
        made.pace_keys.push_back({"discord " + route_of(what)});
    }
    made.repeatable = !what.once;
    made.deadline = what.deadline;
    made.max_response_bytes = largest_reply;
    return made;
}

awaitable<result<json::value>> api::send(call what) {
    ports::http_request request = request_for(what);
    const std::string route = route_of(what);
    const result<ports::http_response> response = co_await http_.send(std::move(request));
    if (response.has_error()) {
        co_return failed_call(response.error(), "Discord " + route, what.posts);
    }
    co_return read_reply(route, what.posts, *response);
}

awaitable<result<json::object>> api::ask(call what) {
    const std::string route = route_of(what);
    const bool posts = what.posts;
    result<json::value> reply = co_await send(std::move(what));
    co_return only_object(std::move(reply), "Discord " + route, posts);
}

} // namespace hallpass::services::discord
