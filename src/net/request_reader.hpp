// Bytes to HTTP/1 requests, without I/O: what a server reads.
#pragma once

#include "net/http_server.hpp"

#include <cstddef>
#include <memory>
#include <string_view>

namespace hallpass::net {

struct message_limits {
    std::size_t header_bytes = 16 * 1024; // start line and fields together; each chunk header and trailer too
    std::size_t body_bytes = 1024 * 1024;
};

// Never throws for any input; its memory is bounded by the limits. One reader serves many messages.
class request_reader {
public:
    explicit request_reader(message_limits limits);
    ~request_reader();
    request_reader(request_reader&&) = delete;

    // Begins the next message.
    void restart();

    // How many of the bytes were used. The rest is to be given again, with more behind it, or belongs to the
    // next message once this one is done().
    std::size_t feed(std::string_view bytes);

    // The status to refuse it with (400, 413, 417, 431, 501), 0 where nothing is wrong. Feed no more then.
    int refusal() const noexcept;
    bool started() const noexcept; // a byte of the message was used
    bool done() const noexcept;
    // The header is complete, the peer awaits "100 Continue" before it sends the body.
    bool expects_continue() const noexcept;
    bool keep_alive() const noexcept;

    // Of a message that is done: method, path, query, headers, body.
    server_request take();

private:
    struct state;
    std::unique_ptr<state> state_;
};

// Percent-decodes a path. False for a bad or missing escape, and for %00.
bool decode_path(std::string_view encoded, std::string& decoded);

} // namespace hallpass::net
