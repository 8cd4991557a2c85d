// What plain and TLS streams do alike with the TCP socket below them.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace hallpass::net {

// Small answers must not wait for Nagle's algorithm: with delayed acknowledgements a call would take 40 ms.
void set_no_delay(boost::asio::ip::tcp::socket& socket) noexcept;
void close_socket(boost::asio::ip::tcp::socket& socket) noexcept;

enum class socket_state { quiet, readable, ended };

// Without reading: whether bytes wait, or the peer has closed its side or reset.
socket_state peek(boost::asio::ip::tcp::socket& socket) noexcept;

// Half-closes, then discards at most 256 KiB until the peer closes.
boost::asio::awaitable<void> drain(boost::asio::ip::tcp::socket& socket);

} // namespace hallpass::net
