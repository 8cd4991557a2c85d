// The other end of a connection, byte by byte, and a server of ours to talk to.
#pragma once

#include "captured_log.hpp"
#include "net/byte_stream.hpp"
#include "net/http_server.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace hallpass::test {

std::uint16_t port_of(std::string_view address);

boost::asio::awaitable<std::unique_ptr<net::byte_stream>>
connect_to(boost::asio::io_context& context, std::uint16_t port);

// Everything until the peer closes or resets.
boost::asio::awaitable<std::string> read_all(net::byte_stream& from);
// Until the text has come; what has come by then. Less where the peer closes before.
boost::asio::awaitable<std::string> read_until(net::byte_stream& from, std::string text);
// Sends, then reads everything.
boost::asio::awaitable<std::string>
exchange(boost::asio::io_context& context, std::uint16_t port, std::string bytes);

// Serves from construction until stop().
class running_server {
public:
    running_server(
        boost::asio::io_context& context, net::server_options options, net::request_handler handler
    );

    std::uint16_t port() const { return port_of(server_->address()); }

    net::http_server& server() { return *server_; }

    boost::asio::awaitable<void> stop();

    captured_log log;

private:
    std::unique_ptr<net::http_server> server_;
    boost::asio::steady_timer ended_;
    bool has_ended_ = false;
};

// Listens; hands each connection to a script, which decides about every byte.
class scripted_server {
public:
    // `number` counts connections from 0.
    using script =
        std::function<boost::asio::awaitable<void>(std::unique_ptr<net::byte_stream> peer, int number)>;

    scripted_server(boost::asio::io_context& context, script play);
    ~scripted_server();

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

    std::string url(std::string_view path = "/") const;

    int connections() const noexcept { return connections_; }

    void stop_listening();

private:
    boost::asio::awaitable<void> accept();

    boost::asio::io_context& context_;
    boost::asio::ip::tcp::acceptor acceptor_;
    script play_;
    int connections_ = 0;
};

} // namespace hallpass::test
