// A listening TCP socket from what an operator writes.
#pragma once

#include "base/result.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <string>

namespace hallpass::net {

// "127.0.0.1:8081", "[::1]:8081", "localhost:8081"; ":8081" is every address, of IPv6 and IPv4. Port 0 takes
// a free one.
result<boost::asio::ip::tcp::acceptor>
listen_on(const boost::asio::any_io_executor& executor, const std::string& address);

} // namespace hallpass::net
