// Calls of Mattermost's REST API.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "ports/http_client.hpp"
#include "services/mattermost/config.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hallpass::services::mattermost {

// Within it, a post that is sent again is known again: the server remembers its pending_post_id for 30 s.
inline constexpr std::chrono::milliseconds usual_deadline = std::chrono::seconds(10);

struct call {
    call(ports::http_method method, std::string path) : method(method), path(std::move(path)) {}

    ports::http_method method;
    std::string path;  // "posts", below api/v4/, encoded
    std::string query; // "?page=0", or ""
    std::optional<boost::json::value> body;
    bool posts = false; // makes a post
    bool repeatable = true;
    std::chrono::milliseconds deadline = usual_deadline;
};

// A word of a path: percent-encoded.
std::string encoded(std::string_view word);

// The client outlives it. Faults are those of read_reply, and of the HTTP client, named by the call.
class api {
public:
    api(ports::http_client& http, mattermost_config config);

    boost::asio::awaitable<result<boost::json::value>> send(call what);
    // Where the answer must be an object.
    boost::asio::awaitable<result<boost::json::object>> ask(call what);

private:
    ports::http_request request_for(const call& what) const;

    ports::http_client& http_;
    std::string base_;
    secret token_;
    std::chrono::nanoseconds least_interval_;
};

} // namespace hallpass::services::mattermost
