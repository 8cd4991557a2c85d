#include "services/mattermost/api.hpp"

#include "services/call_faults.hpp"
#include "services/mattermost/replies.hpp"

#include <boost/json/serialize.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

namespace hallpass::services::mattermost {

namespace json = boost::json;
using boost::asio::awaitable;

namespace {

// Posts with our attachments are at most some kilobytes each, but others' in a channel may have 800,000
// characters of props.
constexpr std::size_t largest_reply = std::size_t{16} * 1024 * 1024;

std::string name_of(const call& what) {
    return std::string(to_string(what.method)) + ' ' + what.path;
}

} // namespace

std::string encoded(std::string_view word) {
    return boost::urls::encode(word, boost::urls::unreserved_chars);
}

api::api(ports::http_client& http, mattermost_config config)
    : http_(http),
      base_(config.url + "api/v4/"),
      token_(std::move(config.token)),
      least_interval_(config.least_interval) {}

ports::http_request api::request_for(const call& what) const {
    ports::http_request made(what.method, base_ + what.path + what.query);
    made.headers.emplace_back("Authorization", "Bearer " + std::string(token_.reveal()));
    if (what.body) {
        made.headers.emplace_back("Content-Type", "application/json");
        made.body = json::serialize(*what.body);
    }
    // Where the server limits at all, it is by our address, whatever the call (api-messaging 3.1).
    made.pace_keys.push_back({"mattermost", least_interval_});
    made.repeatable = what.repeatable;
    made.deadline = what.deadline;
    made.max_response_bytes = largest_reply;
    return made;
}

awaitable<result<json::value>> api::send(call what) {
    ports::http_request request = request_for(what);
    const std::string name = name_of(what);
    const result<ports::http_response> response = co_await http_.send(std::move(request));
    if (response.has_error()) {
        co_return failed_call(response.error(), "Mattermost " + name, what.posts);
    }
    co_return read_reply(name, what.posts, *response);
}

awaitable<result<json::object>> api::ask(call what) {
    const std::string name = name_of(what);
    const bool posts = what.posts;
    result<json::value> reply = co_await send(std::move(what));
    co_return only_object(std::move(reply), "Mattermost " + name, posts);
}

} // namespace hallpass::services::mattermost
