// WebSocket (RFC 6455) over a connected stream, for either side.
#pragma once

#include "base/result.hpp"
#include "net/byte_stream.hpp"
#include "ports/http_client.hpp"
#include "ports/websocket.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace hallpass::net {

struct websocket_greeting {
    std::string host;   // as in the Host field
    std::string target; // path and query
    ports::http_headers headers;
    std::chrono::steady_clock::time_point deadline;
    std::size_t max_message_bytes = 0;
};

// As the client. Both sides' life is watched with pings.
boost::asio::awaitable<result<std::unique_ptr<ports::websocket>>> greet_websocket(
    boost::asio::any_io_executor executor, std::unique_ptr<byte_stream> stream, websocket_greeting greeting
);

struct websocket_upgrade {
    std::string target;          // of the request that asked for it
    ports::http_headers headers; // of that request
    std::string begun;           // what was read behind it
    std::size_t max_message_bytes = std::size_t{1024} * 1024;
};

// As the server.
boost::asio::awaitable<result<std::unique_ptr<ports::websocket>>> accept_websocket(
    boost::asio::any_io_executor executor, std::unique_ptr<byte_stream> stream, websocket_upgrade asked
);

} // namespace hallpass::net
