// An HTTP/1.1 server, plain or over TLS, on the io_context's thread. Limits come before parsing.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "ports/http_client.hpp"
#include "ports/log.hpp"
#include "ports/websocket.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hallpass::net {

struct server_request {
    std::string method;
    std::string path;  // decoded, without the query
    std::string query; // as sent, without the "?"
    ports::http_headers headers;
    std::string body; // as sent
    std::string peer; // "192.0.2.1:4242", "unix"

    // The first header of that name in any case, or "".
    std::string_view header(std::string_view name) const noexcept;
};

struct server_response {
    server_response() = default;
    explicit server_response(int status, std::string body = {}, std::string content_type = {});

    int status = 200;
    ports::http_headers headers;
    std::string body;
    // Close the connection without an answer: the sandbox loses answers with it.
    bool drop_connection = false;
    // Where it is set, and the request asks for it, the connection becomes a WebSocket and goes to this.
    std::function<void(std::unique_ptr<ports::websocket>)> upgraded;
};

// For people: plain text in UTF-8.
server_response text_response(int status, std::string text);

using request_handler = std::function<boost::asio::awaitable<server_response>(server_request)>;

struct server_identity {
    std::string certificate_chain_pem;
    secret private_key_pem;
};

struct server_options {
    std::string listen = "127.0.0.1:0"; // host:port; ":8081" is every address; or "unix:/path", plain
    std::optional<server_identity> tls; // plain HTTP where absent
    std::size_t max_header_bytes = 16 * 1024;
    std::size_t max_body_bytes = 1024 * 1024;
    std::size_t max_connections = 1000;
    std::chrono::milliseconds idle_timeout = std::chrono::seconds(60);
    std::chrono::milliseconds read_timeout = std::chrono::seconds(10); // one whole request, head and body
    std::chrono::milliseconds write_timeout = std::chrono::seconds(10);
};

class http_server {
public:
    virtual ~http_server() = default;

    // "127.0.0.1:43121": where it listens, the port filled in.
    virtual std::string address() const = 0;

    // A newer certificate and key for the connections to come. malformed where they can't be used; then the
    // old ones stay.
    virtual result<void> renew(const server_identity& fresh) = 0;

    // Accepts and answers until cancelled or closed; ends when every connection has ended.
    virtual boost::asio::awaitable<void> serve() = 0;

    // Stops accepting, and cuts what is idle at once and the rest when its answer is sent.
    virtual void close() = 0;
};

// Listens at once, so that the address is known before serve(). `out` outlives the server. An exception from
// the handler becomes a 500 and an error in the log.
result<std::unique_ptr<http_server>> listen_http(
    boost::asio::any_io_executor executor, server_options options, request_handler handler, ports::log& out
);

} // namespace hallpass::net
