// One accepted connection of the HTTP server: reads requests, asks the handler, writes answers.
#pragma once

#include "net/byte_stream.hpp"
#include "net/http_server.hpp"
#include "net/read_buffer.hpp"
#include "net/request_reader.hpp"
#include "net/watchdog.hpp"

#include <memory>
#include <string>

namespace hallpass::net {

class tls_stream;

// What all connections of a server share. Outlives them.
struct server_shared {
    server_shared(
        boost::asio::any_io_executor executor,
        server_options options,
        request_handler handler,
        ports::log& out
    );

    boost::asio::any_io_executor executor;
    server_options options;
    request_handler handler;
    ports::log& out;
    bool closing = false;
};

class server_connection {
public:
    // `crowded`: there are too many connections; this one is told so with a 503.
    server_connection(
        server_shared& shared,
        std::unique_ptr<byte_stream> stream,
        tls_stream* secured,
        std::string peer,
        bool crowded
    );

    // Serves until either side ends it. Never throws for what the peer does.
    boost::asio::awaitable<void> run();

    // Ends it at once where it waits for a request of which no byte has come.
    void cut_if_idle() noexcept;
    void cut() noexcept;

    // It has sent no whole request yet, or none after its last answer.
    bool waits_for_peer() const noexcept {
        return phase_ == phase::handshake || phase_ == phase::idle || phase_ == phase::reading;
    }

private:
    enum class phase { handshake, idle, reading, handling, writing };

    boost::asio::awaitable<bool> shake_hands();
    boost::asio::awaitable<bool> read_request();
    boost::asio::awaitable<bool> read_more();
    boost::asio::awaitable<server_response> ask_handler();
    boost::asio::awaitable<bool> answer(server_response response, bool keep_alive, bool head_only);
    boost::asio::awaitable<void> refuse(int status);
    boost::asio::awaitable<void> upgrade(server_response response);
    void enter(phase next, std::chrono::milliseconds at_most);
    void on_expiry() noexcept;

    server_shared& shared_;
    std::unique_ptr<byte_stream> stream_;
    tls_stream* secured_;
    std::string peer_;
    bool crowded_;
    bool head_only_ = false;        // the request being answered is a HEAD
    ports::http_headers upgrading_; // its headers, where it asks for a WebSocket
    phase phase_ = phase::handshake;
    read_buffer buffer_;
    request_reader reader_;
    watchdog watchdog_;
};

} // namespace hallpass::net
