#include "services/msteams/api.hpp"

#include "base/text.hpp"
#include "services/call_faults.hpp"
#include "services/msteams/replies.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace hallpass::services::msteams {

namespace json = boost::json;
using boost::asio::awaitable;
using std::chrono::milliseconds;

namespace {

constexpr std::size_t largest_reply = std::size_t{1024} * 1024;
// 30 calls a second of an app in a tenant (api-messaging 4.2).
constexpr milliseconds connectors_interval{34};
constexpr milliseconds least_time{100};

std::string name_of(const call& what) {
    const std::string_view side = what.to == audience::graph ? "Graph " : "bot ";
    return std::string(side) + std::string(to_string(what.method)) + ' ' + one_line(what.path, 120);
}

} // namespace

api::api(ports::http_client& http, ports::clock& time, msteams_config config)
    : http_(http), time_(time), config_(std::move(config)), tokens_(http, time, config_) {}

ports::http_request api::request_for(const call& what, const secret& token, instant until) const {
    const bool graph = what.to == audience::graph;
    std::string url = (graph ? config_.graph_url : config_.bot_url + "v3/") + what.path;
    if (!what.query.empty()) {
        url += '?' + what.query;
    }
    ports::http_request made(what.method, std::move(url));
    made.headers.emplace_back("Authorization", "Bearer " + std::string(token.reveal()));
    made.headers.emplace_back("Accept", "application/json");
    if (what.body) {
        made.headers.emplace_back("Content-Type", "application/json");
        made.body = json::serialize(*what.body);
    }
    const std::chrono::nanoseconds own = config_.least_interval;
    made.pace_keys.push_back(
        {graph ? "msteams graph" : "msteams bot",
         graph ? own : std::max<std::chrono::nanoseconds>(own, connectors_interval)}
    );
    if (!what.conversation.empty()) {
        made.pace_keys.push_back({"msteams " + what.conversation});
    }
    made.repeatable = !what.posts;
    made.deadline = std::max(least_time, std::chrono::duration_cast<milliseconds>(until - time_.now()));
    made.max_response_bytes = largest_reply;
    return made;
}

awaitable<result<json::object>> api::ask(call what) {
    const instant until = time_.now() + what.deadline;
    const std::string name = name_of(what);
    for (int attempt = 0;; ++attempt) {
        const auto left = std::chrono::duration_cast<milliseconds>(until - time_.now());
        const result<secret> token = co_await tokens_.get(what.to, std::max(left, least_time));
        if (token.has_error()) {
            co_return token.error().in("Teams " + name);
        }
        ports::http_request request = request_for(what, *token, until);
        const result<ports::http_response> response = co_await http_.send(std::move(request));
        if (response.has_error()) {
            co_return failed_call(response.error(), "Teams " + name, what.posts);
        }
        // A token can be withdrawn before its time; a refused call has done nothing.
        if (response->status == 401) {
            tokens_.forget(what.to, *token);
            if (attempt == 0) {
                continue;
            }
        }
        co_return read_reply(name, what.posts, *response);
    }
}

} // namespace hallpass::services::msteams
