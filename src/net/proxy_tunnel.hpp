// A tunnel through an HTTP proxy, by CONNECT (RFC 9110, 9.3.6).
#pragma once

#include "base/result.hpp"
#include "net/proxy_settings.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <string>

namespace hallpass::net {

// `socket` is connected to the proxy and stays the caller's; it is closed where the deadline passes.
// permanent where the proxy refuses.
boost::asio::awaitable<result<void>> open_tunnel(
    boost::asio::ip::tcp::socket& socket,
    const proxy_server& proxy,
    std::string authority,
    std::chrono::steady_clock::time_point deadline
);

} // namespace hallpass::net
