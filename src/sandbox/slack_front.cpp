#include "sandbox/slack_front.hpp"

#include "sandbox/slack_methods.hpp"

#include <boost/json/serialize.hpp>

#include <utility>

namespace hallpass::sandbox {

namespace {

namespace json = boost::json;

constexpr const char* json_type = "application/json; charset=utf-8";

std::string method_of(const std::string& path) {
    constexpr std::string_view prefix = "/api/";
    return path.starts_with(prefix) ? path.substr(prefix.size()) : path.substr(path.empty() ? 0 : 1);
}

slack_call to_call(net::server_request&& request) {
    slack_call call;
    call.method = method_of(request.path);
    call.content_type = request.header("content-type");
    call.authorization = request.header("authorization");
    call.host = request.header("host");
    call.query = std::move(request.query);
    call.body = std::move(request.body);
    return call;
}

std::string channel_of(const slack_call& call) {
    std::string error;
    const auto arguments = slack_arguments::read(call, error);
    return arguments ? arguments->text("channel") : std::string();
}

net::server_response json_response(int status, const boost::json::object& body) {
    return net::server_response(status, boost::json::serialize(body), json_type);
}

net::server_response rate_limited(std::chrono::seconds wait) {
    net::server_response response = json_response(429, slack_error("ratelimited"));
    response.headers.emplace_back("Retry-After", std::to_string(wait.count()));
    return response;
}

net::server_response refused(const fault_rule& rule) {
    if (rule.status == 429) {
        return rate_limited(std::chrono::seconds(1));
    }
    const int status = rule.status != 0 ? rule.status : rule.code.empty() ? 500 : 200;
    return json_response(status, slack_error(rule.code.empty() ? "internal_error" : rule.code));
}

// The address of one connection: of this server, as whoever asks has reached it.
json::object open_connection(slack_sockets& sockets, const slack_bot& bot, const slack_call& call) {
    constexpr std::string_view bearer = "Bearer ";
    if (!call.authorization.starts_with(bearer)) {
        return slack_error("not_authed");
    }
    const std::string token = call.authorization.substr(bearer.size());
    if (token != bot.app_token) {
        return slack_error(token == bot.token ? "not_allowed_token_type" : "invalid_auth");
    }
    return {{"ok", true}, {"url", "wss://" + call.host + "/link/?ticket=" + sockets.issue_ticket()}};
}

net::server_response answer_link(slack_sockets& sockets, const net::server_request& request) {
    constexpr std::string_view ticket = "ticket=";
    if (request.header("upgrade").empty()) {
        return net::text_response(426, "a WebSocket is wanted here\n");
    }
    if (!request.query.starts_with(ticket) || !sockets.take_ticket(request.query.substr(ticket.size()))) {
        return net::text_response(404, "no such ticket\n");
    }
    net::server_response response(101);
    response.upgraded = [&sockets](std::unique_ptr<ports::websocket> socket) {
        sockets.accept(std::move(socket));
    };
    return response;
}

net::server_response
answer(slack_state& slack, slack_sockets& sockets, const slack_call& call, const call_fate& fate) {
    if (fate.retry_after) {
        return rate_limited(*fate.retry_after);
    }
    if (fate.refused) {
        return refused(*fate.refused);
    }
    const bool opens = call.method == "apps.connections.open";
    const json::object said =
        opens ? open_connection(sockets, slack.bot(), call) : answer_slack_call(slack, call);
    net::server_response response = json_response(200, said);
    if (fate.garbage) {
        response.body = "{\"ok\":tr\xff<html>";
    }
    response.drop_connection = fate.lose_answer;
    return response;
}

boost::asio::awaitable<net::server_response> handle(
    slack_state& slack, slack_sockets& sockets, fault_plan& faults, waits& delays, net::server_request request
) {
    if (request.path == "/link/") {
        co_return answer_link(sockets, request);
    }
    const slack_call call = to_call(std::move(request));
    const std::string channel = channel_of(call);
    const call_fate fate = faults.begin(call.method, channel, std::chrono::steady_clock::now());
    co_await delays.wait_for(fate.delay);
    net::server_response response = answer(slack, sockets, call, fate);
    co_await delays.wait_for(fate.answer_delay);
    co_return response;
}

} // namespace

net::request_handler
make_slack_handler(slack_state& slack, slack_sockets& sockets, fault_plan& faults, waits& delays) {
    return [&slack, &sockets, &faults, &delays](net::server_request request) {
        return handle(slack, sockets, faults, delays, std::move(request));
    };
}

} // namespace hallpass::sandbox
