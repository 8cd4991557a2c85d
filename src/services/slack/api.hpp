// Calls of Slack's Web API.
#pragma once

#include "base/result.hpp"
#include "ports/http_client.hpp"
#include "ports/log.hpp"
#include "services/slack/config.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace hallpass::services::slack {

using query = std::vector<std::pair<std::string, std::string>>;

inline constexpr std::chrono::milliseconds usual_deadline = std::chrono::seconds(10);

// The client and the log outlive it. Faults are those of read_reply, and of the HTTP client, named by method.
class api {
public:
    api(ports::http_client& http, ports::log& out, slack_config config);

    // A call with a JSON body that does no harm when it is made twice.
    boost::asio::awaitable<result<boost::json::object>>
    call(std::string method, boost::json::object body, std::chrono::milliseconds deadline = usual_deadline);
    // The same for what can be done only once: opening a view uses its trigger up.
    boost::asio::awaitable<result<boost::json::object>>
    call_once(std::string method, boost::json::object body, std::chrono::milliseconds deadline);
    boost::asio::awaitable<result<boost::json::object>>
    get(std::string method, query parameters, std::chrono::milliseconds deadline = usual_deadline);
    // chat.postMessage: never repeated where Slack may have posted; then the fault is uncertain().
    boost::asio::awaitable<result<boost::json::object>> post_message(boost::json::object body);

    // There is an app-level token: Slack takes connections of ours.
    bool takes_connections() const noexcept { return !config_.app_token.empty(); }

    // apps.connections.open: the address of one connection, which is a secret.
    boost::asio::awaitable<result<std::string>> connection_address();

private:
    ports::http_request
    request_to(ports::http_method method, std::string_view name, const secret& token) const;
    ports::http_request call_of(
        std::string_view method, const boost::json::object& body, std::chrono::milliseconds deadline
    ) const;
    boost::asio::awaitable<result<boost::json::object>>
    send(std::string method, bool posts, ports::http_request request);

    ports::http_client& http_;
    ports::log& out_;
    slack_config config_;
};

} // namespace hallpass::services::slack
