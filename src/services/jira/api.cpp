#include "services/jira/api.hpp"

#include "base/base64.hpp"
#include "base/text.hpp"
#include "services/call_faults.hpp"
#include "services/jira/replies.hpp"
#include "services/json_members.hpp"

#include <boost/json/serialize.hpp>

namespace hallpass::services::jira {

namespace json = boost::json;
using boost::asio::awaitable;

namespace {

constexpr std::size_t largest_reply = std::size_t{8} * 1024 * 1024;

std::string name_of(const call& what) {
    const std::string& name = what.name.empty() ? what.path : what.name;
    return std::string(to_string(what.method)) + ' ' + name;
}

std::string authorization_of(const jira_config& config) {
    const std::string token(config.token.reveal());
    return config.username.empty() ? "Bearer " + token : "Basic " + to_base64(config.username + ':' + token);
}

} // namespace

api::api(ports::http_client& http, const jira_config& config)
    : http_(http),
      url_(config.api_url),
      authorization_(authorization_of(config)),
      least_interval_(config.least_interval) {
    if (config.cloud) {
        cloud_ = true;
    }
}

ports::http_request api::request_for(const call& what, bool cloud) const {
    ports::http_request made(what.method, url_ + "rest/api/" + (cloud ? "3/" : "2/") + what.path);
    made.headers.emplace_back("Authorization", authorization_);
    made.headers.emplace_back("Accept", "application/json");
    if (what.body) {
        made.headers.emplace_back("Content-Type", "application/json");
        made.body = json::serialize(*what.body);
    }
    made.pace_keys.push_back({"jira", least_interval_});
    made.pace_keys.push_back({"jira " + name_of(what)});
    made.repeatable = !what.posts;
    made.deadline = what.deadline;
    made.max_response_bytes = largest_reply;
    return made;
}

awaitable<result<json::value>> api::send_to(call what, bool cloud) {
    ports::http_request request = request_for(what, cloud);
    const std::string name = name_of(what);
    const result<ports::http_response> response = co_await http_.send(std::move(request));
    if (response.has_error()) {
        co_return failed_call(response.error(), "Jira " + name, what.posts);
    }
    co_return read_reply(name, what.posts, *response);
}

awaitable<result<bool>> api::is_cloud() {
    if (cloud_) {
        co_return *cloud_;
    }
    call asked(ports::http_method::get, "serverInfo");
    const result<json::value> reply = co_await send_to(std::move(asked), false);
    if (reply.has_error()) {
        co_return reply.error();
    }
    const json::object* info = reply->if_object();
    const std::string_view kind = info ? text_of(*info, "deploymentType") : std::string_view();
    if (kind.empty()) {
        co_return fault(
            fault_kind::transient, "Jira GET serverInfo: the answer names no deploymentType; is url right?"
        );
    }
    cloud_ = kind == "Cloud";
    co_return *cloud_;
}

awaitable<result<json::value>> api::send(call what) {
    const result<bool> cloud = co_await is_cloud();
    if (cloud.has_error()) {
        co_return cloud.error();
    }
    result<json::value> reply = co_await send_to(std::move(what), *cloud);
    co_return reply;
}

awaitable<result<json::object>> api::ask(call what) {
    const std::string name = name_of(what);
    const bool posts = what.posts;
    result<json::value> reply = co_await send(std::move(what));
    co_return only_object(std::move(reply), "Jira " + name, posts);
}

} // namespace hallpass::services::jira
