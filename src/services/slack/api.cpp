#include "services/slack/api.hpp"

#include "base/text.hpp"
#include "services/call_faults.hpp"
#include "services/slack/replies.hpp"

#include <boost/json/serialize.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

namespace hallpass::services::slack {

namespace json = boost::json;
using boost::asio::awaitable;

namespace {

constexpr std::size_t largest_reply = std::size_t{4} * 1024 * 1024;
constexpr std::string_view post_message_method = "chat.postMessage";

constexpr std::size_t longest_address = 4096;

// Without TLS only where the operator has chosen that for the API as well.
bool is_address(std::string_view url, std::string_view api_url) {
    const bool secured = url.starts_with("wss://");
    const bool plain = url.starts_with("ws://") && api_url.starts_with("http://");
    return (secured || plain) && url.size() <= longest_address;
}

// Everything but letters and digits is encoded: a "+" left alone would be read as a space.
std::string encoded(const query& parameters) {
    std::string text;
    for (const auto& [name, value] : parameters) {
        text += text.empty() ? '?' : '&';
        text += name + '=' + boost::urls::encode(value, boost::urls::unreserved_chars);
    }
    return text;
}

} // namespace

api::api(ports::http_client& http, ports::log& out, slack_config config)
    : http_(http), out_(out), config_(std::move(config)) {}

ports::http_request
api::request_to(ports::http_method method, std::string_view name, const secret& token) const {
    ports::http_request made(method, config_.api_url + std::string(name));
    made.headers.emplace_back("Authorization", "Bearer " + std::string(token.reveal()));
    if (config_.least_interval > std::chrono::nanoseconds(0)) {
        made.pace_keys.push_back({"slack", config_.least_interval});
    }
    made.pace_keys.push_back({std::string(name)});
    made.repeatable = true;
    made.deadline = usual_deadline;
    made.max_response_bytes = largest_reply;
    return made;
}

ports::http_request
api::call_of(std::string_view method, const json::object& body, std::chrono::milliseconds deadline) const {
    ports::http_request request = request_to(ports::http_method::post, method, config_.token);
    request.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
    request.body = json::serialize(body);
    request.deadline = deadline;
    return request;
}

awaitable<result<json::object>>
api::call(std::string method, json::object body, std::chrono::milliseconds deadline) {
    ports::http_request request = call_of(method, body, deadline);
    return send(std::move(method), false, std::move(request));
}

awaitable<result<json::object>>
api::call_once(std::string method, json::object body, std::chrono::milliseconds deadline) {
    ports::http_request request = call_of(method, body, deadline);
    request.repeatable = false;
    return send(std::move(method), true, std::move(request));
}

awaitable<result<json::object>>
api::get(std::string method, query parameters, std::chrono::milliseconds deadline) {
    ports::http_request request = request_to(ports::http_method::get, method, config_.token);
    request.url += encoded(parameters);
    request.deadline = deadline;
    return send(std::move(method), false, std::move(request));
}

awaitable<result<json::object>> api::post_message(json::object body) {
    ports::http_request request = request_to(ports::http_method::post, post_message_method, config_.token);
    request.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
    request.repeatable = false;
    // About one message a second in a channel, whatever the whole workspace may (api-messaging 1.4).
    request.pace_keys.push_back(
        {std::string(post_message_method) + ' ' + std::string(text_of(body, "channel"))}
    );
    request.body = json::serialize(body);
    return send(std::string(post_message_method), true, std::move(request));
}

awaitable<result<std::string>> api::connection_address() {
    std::string method(open_connection_method);
    ports::http_request request = request_to(ports::http_method::post, method, config_.app_token);
    request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    const result<json::object> reply = co_await send(std::move(method), false, std::move(request));
    if (reply.has_error()) {
        co_return reply.error();
    }
    std::string url(text_of(*reply, "url"));
    if (!is_address(url, config_.api_url)) {
        co_return fault(
            fault_kind::transient,
            "Slack apps.connections.open: the answer has no address that begins with wss://"
        );
    }
    co_return url;
}

awaitable<result<json::object>> api::send(std::string method, bool posts, ports::http_request request) {
    const result<ports::http_response> response = co_await http_.send(std::move(request));
    if (response.has_error()) {
        co_return failed_call(response.error(), "Slack " + method, posts);
    }
    result<json::object> reply = read_reply(method, posts, *response);
    if (reply.has_value() && !text_of(*reply, "warning").empty()) {
        out_.debug("slack_warning", {{"method", method}, {"warning", one_line(text_of(*reply, "warning"))}});
    }
    co_return reply;
}

} // namespace hallpass::services::slack
