#include "services/servicenow/api.hpp"

#include "base/base64.hpp"
#include "services/call_faults.hpp"
#include "services/json_members.hpp"
#include "services/servicenow/replies.hpp"

#include <boost/json/serialize.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include <algorithm>

namespace hallpass::services::servicenow {

namespace json = boost::json;
using boost::asio::awaitable;

namespace {

constexpr std::size_t largest_reply = std::size_t{4} * 1024 * 1024;
constexpr std::chrono::seconds early{60}; // a token is renewed so long before its end
constexpr std::int64_t usual_life = 1800; // seconds

void add_field(std::string& to, std::string_view name, std::string_view value) {
    to.append(to.empty() ? "" : "&").append(name).append("=");
    to += boost::urls::encode(value, boost::urls::unreserved_chars);
}

std::string token_form(const servicenow_config& config) {
    std::string form;
    add_field(form, "grant_type", config.username.empty() ? "client_credentials" : "password");
    add_field(form, "client_id", config.client_id);
    add_field(form, "client_secret", config.client_secret.reveal());
    if (!config.username.empty()) {
        add_field(form, "username", config.username);
        add_field(form, "password", config.password.reveal());
    }
    return form;
}

} // namespace

api::api(ports::http_client& http, ports::clock& time, const servicenow_config& config)
    : http_(http), time_(time), config_(config) {}

awaitable<result<std::string>> api::authorization() {
    if (config_.client_id.empty()) {
        co_return "Basic " + to_base64(config_.username + ':' + std::string(config_.password.reveal()));
    }
    if (!bearer_.empty() && time_.now() < bearer_until_) {
        co_return bearer_;
    }
    ports::http_request asked(ports::http_method::post, config_.url + "oauth_token.do");
    asked.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    asked.headers.emplace_back("Accept", "application/json");
    asked.body = token_form(config_);
    asked.repeatable = true;
    asked.pace_keys.push_back({"servicenow oauth_token"});
    const result<ports::http_response> response = co_await http_.send(std::move(asked));
    if (response.has_error()) {
        co_return failed_call(response.error(), "ServiceNow POST oauth_token.do", false);
    }
    const result<json::object> token = read_token(*response);
    if (token.has_error()) {
        co_return token.error();
    }
    const json::value* life = token->if_contains("expires_in");
    const std::int64_t seconds = life && life->is_int64() ? life->get_int64() : usual_life;
    bearer_ = "Bearer " + std::string(text_of(*token, "access_token"));
    bearer_until_ = time_.now() + std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, 86'400)) - early;
    co_return bearer_;
}

awaitable<result<json::value>> api::send_once(call what, std::string authorization) {
    ports::http_request made(what.method, config_.url + "api/now/" + what.path);
    made.headers.emplace_back("Authorization", std::move(authorization));
    made.headers.emplace_back("Accept", "application/json");
    made.headers.emplace_back("Content-Type", "application/json");
    if (what.body) {
        made.body = json::serialize(*what.body);
    }
    const std::string name = std::string(to_string(what.method)) + ' ' + what.name;
    made.pace_keys.push_back({"servicenow", config_.least_interval});
    made.pace_keys.push_back({"servicenow " + name});
    made.repeatable = !what.posts;
    made.max_response_bytes = largest_reply;
    const result<ports::http_response> response = co_await http_.send(std::move(made));
    if (response.has_error()) {
        co_return failed_call(response.error(), "ServiceNow " + name, what.posts);
    }
    co_return read_reply(name, what.posts, *response);
}

awaitable<result<json::value>> api::send(call what) {
    const result<std::string> first = co_await authorization();
    if (first.has_error()) {
        co_return first.error();
    }
    result<json::value> reply = co_await send_once(what, *first);
    const bool refused = reply.has_error() && reply.error().kind() == fault_kind::unauthorised;
    if (!refused || config_.client_id.empty()) {
        co_return reply;
    }
    // Tokens can be revoked before their end.
    bearer_.clear();
    const result<std::string> fresh = co_await authorization();
    if (fresh.has_error()) {
        co_return fresh.error();
    }
    result<json::value> again = co_await send_once(std::move(what), *fresh);
    co_return again;
}

awaitable<result<json::object>> api::ask(call what) {
    const std::string name = what.name;
    const bool posts = what.posts;
    result<json::value> reply = co_await send(std::move(what));
    co_return only_object(std::move(reply), "ServiceNow " + name, posts);
}

awaitable<result<json::array>> api::list(call what) {
    const std::string name = what.name;
    result<json::value> reply = co_await send(std::move(what));
    if (reply.has_error()) {
        co_return reply.error();
    }
    if (!reply->is_array()) {
        co_return fault(fault_kind::transient, "ServiceNow " + name + ": the answer has no list");
    }
    co_return std::move(reply->get_array());
}

} // namespace hallpass::services::servicenow
