#include "services/datadog/api.hpp"

#include "services/call_faults.hpp"
#include "services/datadog/replies.hpp"

#include <boost/json/serialize.hpp>

namespace hallpass::services::datadog {

namespace json = boost::json;
using boost::asio::awaitable;

namespace {

constexpr std::size_t largest_reply = std::size_t{8} * 1024 * 1024;

} // namespace

api::api(ports::http_client& http, const datadog_config& config) : http_(http), config_(config) {}

awaitable<result<json::object>> api::ask(call what) {
    ports::http_request made(what.method, config_.api_endpoint + "api/v2/" + what.path);
    made.headers.emplace_back("DD-API-KEY", config_.api_key.reveal());
    made.headers.emplace_back("DD-APPLICATION-KEY", config_.application_key.reveal());
    made.headers.emplace_back("Accept", "application/json");
    made.headers.emplace_back("Content-Type", "application/json");
    if (what.body) {
        made.body = json::serialize(*what.body);
    }
    const std::string name = std::string(to_string(what.method)) + ' ' + what.name;
    made.pace_keys.push_back({"datadog", config_.least_interval});
    made.pace_keys.push_back({"datadog " + name});
    made.repeatable = !what.posts;
    made.max_response_bytes = largest_reply;
    const bool posts = what.posts;
    const result<ports::http_response> response = co_await http_.send(std::move(made));
    if (response.has_error()) {
        co_return failed_call(response.error(), "Datadog " + name, posts);
    }
    co_return read_reply(name, posts, *response);
}

} // namespace hallpass::services::datadog
