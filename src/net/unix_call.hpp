// One HTTP call over a Unix socket: how a command asks a running daemon.
#pragma once

#include "base/result.hpp"
#include "ports/http_client.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <string>

namespace hallpass::net {

struct unix_get {
    unix_get() = default;

    std::string socket; // its path
    std::string target; // "/status"
    std::chrono::milliseconds deadline = std::chrono::seconds(5);
    std::size_t max_response_bytes = std::size_t{64} * 1024 * 1024;
};

// Any status is an answer. not_found: nobody listens there; unauthorised: the socket is somebody else's;
// transient, malformed.
boost::asio::awaitable<result<ports::http_response>>
get_over_unix(boost::asio::any_io_executor executor, unix_get call);

} // namespace hallpass::net
