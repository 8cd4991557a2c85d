// Calls of Discord's HTTP API.
#pragma once

#include "base/result.hpp"
#include "ports/http_client.hpp"
#include "services/discord/config.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace hallpass::services::discord {

inline constexpr std::chrono::milliseconds usual_deadline = std::chrono::seconds(10);

struct call {
    call(ports::http_method method, std::string path) : method(method), path(std::move(path)) {}

    ports::http_method method;
    std::string path;  // "channels/123/messages"
    std::string below; // "/456", "?limit=1": what doesn't change the route that Discord counts by
    std::optional<boost::json::object> body;
    bool posts = false; // makes a message
    // `below` begins with a token that takes the place of ours: it stays out of logs and faults.
    bool by_token = false;
    bool once = false; // doing it twice isn't the same
    std::chrono::milliseconds deadline = usual_deadline;
};

// The client outlives it. Faults are those of read_reply, and of the HTTP client, named by the call. What
// isn't `once` is repeated where its answer was lost: a post carries a nonce by which Discord knows it again.
class api {
public:
    api(ports::http_client& http, discord_config config);

    boost::asio::awaitable<result<boost::json::value>> send(call what);
    // Where the answer must be an object.
    boost::asio::awaitable<result<boost::json::object>> ask(call what);

private:
    ports::http_request request_for(const call& what) const;

    ports::http_client& http_;
    discord_config config_;
};

} // namespace hallpass::services::discord
