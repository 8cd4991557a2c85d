// Bytes to HTTP/1 responses, without I/O: what a client reads.
#pragma once

#include "base/result.hpp"
#include "net/request_reader.hpp"
#include "ports/http_client.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace hallpass::net {

// Never throws for any input; its memory is bounded by the limits. Interim (1xx) responses are skipped.
class response_reader {
public:
    response_reader();
    ~response_reader();
    response_reader(response_reader&&) = delete;

    // Begins the next message. `to_connect`: a success has no body, whatever its header says (RFC
    // 9110, 9.3.6).
    void restart(message_limits limits, bool to_connect = false);

    // How many of the bytes were used. The rest is to be given again, with more behind it.
    std::size_t feed(std::string_view bytes);
    // The peer has ended its side properly. A body without a length ends with it.
    void feed_end();

    bool started() const noexcept; // a byte of the answer has come
    bool done() const noexcept;
    // What is wrong with the answer: "is larger than 1048576 bytes". "" where nothing is.
    const std::string& problem() const noexcept;
    bool keep_alive() const noexcept;

    // Of a message that is done.
    ports::http_response take();

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace hallpass::net
