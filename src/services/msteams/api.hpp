// Calls of Graph and of the bot connector.
#pragma once

#include "base/result.hpp"
#include "ports/clock.hpp"
#include "ports/http_client.hpp"
#include "services/msteams/config.hpp"
#include "services/msteams/tokens.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace hallpass::services::msteams {

inline constexpr std::chrono::milliseconds usual_deadline = std::chrono::seconds(10);

struct call {
    call(audience to, ports::http_method method, std::string path)
        : to(to), method(method), path(std::move(path)) {}

    audience to;
    ports::http_method method;
    std::string path;  // "users/123", percent-encoded
    std::string query; // "$top=2", percent-encoded, or ""
    std::optional<boost::json::object> body;
    bool posts = false;                                  // makes a message: done at most once
    std::string conversation;                            // that Teams counts it under, or ""
    std::chrono::milliseconds deadline = usual_deadline; // with the token
};

// What it is made with outlives it. Faults are those of read_reply, of the tokens and of the HTTP client,
// named by the call. The token goes to graph_url and bot_url and nowhere else, whatever a callback names.
class api {
public:
    api(ports::http_client& http, ports::clock& time, msteams_config config);

    api(const api&) = delete;
    api& operator=(const api&) = delete;

    boost::asio::awaitable<result<boost::json::object>> ask(call what);

    tokens& credentials() noexcept { return tokens_; }

    const msteams_config& config() const noexcept { return config_; }

private:
    ports::http_request request_for(const call& what, const secret& token, instant until) const;

    ports::http_client& http_;
    ports::clock& time_;
    msteams_config config_;
    tokens tokens_;
};

} // namespace hallpass::services::msteams
