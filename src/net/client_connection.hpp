// One connection of the HTTP client: a request goes out, its response comes back, then it rests for the next.
#pragma once

#include "base/result.hpp"
#include "net/byte_stream.hpp"
#include "net/read_buffer.hpp"
#include "net/response_reader.hpp"
#include "net/watchdog.hpp"
#include "ports/http_client.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string_view>

namespace hallpass::net {

struct exchanged {
    exchanged() = default;

    result<ports::http_response> answer = fault(fault_kind::transient, "not tried");
    bool written = false; // at least one byte of the request may have reached the other side
    bool begun = false;   // at least one byte of the answer came
    bool late = false;    // the deadline ended it
};

class client_connection {
public:
    using time_point = std::chrono::steady_clock::time_point;

    client_connection(const boost::asio::any_io_executor& executor, std::unique_ptr<byte_stream> stream);

    // `bytes` outlive the call. Faults: transient, malformed.
    boost::asio::awaitable<exchanged>
    exchange(std::string_view bytes, message_limits limits, time_point deadline);

    // After an exchange: whether another may follow.
    bool is_reusable() const noexcept { return reusable_; }

    // At rest: the other side has closed it, or sent what nobody asked for.
    bool is_stale() noexcept { return stream_->is_stale(); }

    // Calls `on_expiry`, which may destroy the connection, when it has rested for too long.
    void rest(time_point until, std::function<void()> on_expiry);

    void abort() noexcept { stream_->abort(); }

private:
    boost::asio::awaitable<result<ports::http_response>> read_answer();

    std::unique_ptr<byte_stream> stream_;
    read_buffer buffer_;
    response_reader reader_;
    bool reusable_ = false;
    std::function<void()> on_rested_;
    watchdog watchdog_;
};

} // namespace hallpass::net
