// What streams do alike with the socket below them, of TCP or of the Unix domain.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace hallpass::net {

// Small answers must not wait for Nagle's algorithm: with delayed acknowledgements a call would take 40 ms.
void set_no_delay(boost::asio::ip::tcp::socket& socket) noexcept;

// The rest exists for boost::asio::ip::tcp::socket and boost::asio::local::stream_protocol::socket.
template <class Socket>
void close_socket(Socket& socket) noexcept;

enum class socket_state { quiet, readable, ended };

// Without reading: whether bytes wait, or the peer has closed its side or reset.
template <class Socket>
socket_state peek(Socket& socket) noexcept;

// Half-closes, then discards at most 256 KiB until the peer closes.
template <class Socket>
boost::asio::awaitable<void> drain(Socket& socket);

} // namespace hallpass::net
