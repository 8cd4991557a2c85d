// Connections that stay open and bring messages, as WebSocket has it (RFC 6455), without a word of how.
#pragma once

#include "base/result.hpp"
#include "ports/http_client.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace hallpass::ports {

// Both sides send texts. One receive() at a time, on the io_context thread. Its death cuts the connection.
class websocket {
public:
    virtual ~websocket() = default;

    // The next text, or nothing when `at_most` has passed. transient: it is closed, and close_code() may say
    // why; malformed: the other side sent what isn't text, or more than was agreed on.
    virtual boost::asio::awaitable<result<std::optional<std::string>>>
    receive(std::chrono::milliseconds at_most) = 0;

    // Behind what was given before. A fault where it is closed, or where the other side doesn't read.
    virtual result<void> send(std::string text) = 0;

    // Sends what was given, says so and waits a moment for the other side to agree. Then it is cut.
    virtual boost::asio::awaitable<void> close(int code) = 0;

    // What the other side closed it with (RFC 6455, 7.4); nothing where it didn't say.
    virtual std::optional<int> close_code() const noexcept = 0;
};

struct websocket_request {
    websocket_request() = default;

    explicit websocket_request(std::string url) : url(std::move(url)) {}

    std::string url; // "wss://…"; it may hold a secret, and is neither logged nor named in faults
    http_headers headers;
    std::chrono::milliseconds deadline = std::chrono::seconds(10); // until it is open
    std::size_t max_message_bytes = std::size_t{1024} * 1024;
};

class websocket_client {
public:
    virtual ~websocket_client() = default;

    // Faults: transient, permanent (another try would fail alike: no such name, a certificate that can't be
    // trusted), unauthorised (401 or 403), malformed (the other side speaks something else).
    virtual boost::asio::awaitable<result<std::unique_ptr<websocket>>> open(websocket_request request) = 0;
};

} // namespace hallpass::ports
