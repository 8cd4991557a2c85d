#include "sandbox/webhook_sender.hpp"

#include "sandbox/authorities_file.hpp"
#include "sandbox/cluster_json.hpp"

#include <utility>

namespace hallpass::sandbox {

namespace json = boost::json;

webhook_sender::webhook_sender(boost::asio::any_io_executor executor, ports::log& out)
    : poster_(std::move(executor), out) {}

outcome<json::value> webhook_sender::set_target(const json::object& command) {
    const auto authorities = read_authorities(command);
    if (!authorities) {
        return authorities.error();
    }
    url_ = text_of(command, "url");
    if (!authorities->empty()) {
        poster_.trust(*authorities);
    }
    return json::value(json::object{{"ok", true}});
}

boost::asio::awaitable<json::object> webhook_sender::deliver(ports::http_headers headers, std::string body) {
    json::object told;
    if (url_.empty()) {
        told["problem"] = "no callback is set";
        co_return told;
    }
    ports::http_request request(ports::http_method::post, url_);
    request.headers = std::move(headers);
    request.body = std::move(body);
    request.deadline = std::chrono::seconds(30);
    const posted_answer given = co_await poster_.post(std::move(request));
    told["status"] = given.status;
    told["ms"] = given.took.count();
    told["body"] = given.body;
    if (!given.problem.empty()) {
        told["problem"] = given.problem;
    }
    co_return told;
}

} // namespace hallpass::sandbox
