#include "net/client_connection.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>

#include <string>
#include <utility>

namespace hallpass::net {

namespace asio = boost::asio;

client_connection::client_connection(
    const asio::any_io_executor& executor, std::unique_ptr<byte_stream> stream
)
    : stream_(std::move(stream)), watchdog_(executor, [this] {
          if (on_rested_) {
              const auto rested = std::move(on_rested_);
              rested();
          } else {
              stream_->abort();
          }
      }) {}

asio::awaitable<exchanged>
client_connection::exchange(std::string_view bytes, message_limits limits, time_point deadline) {
    on_rested_ = nullptr;
    watchdog_.set(deadline);
    reader_.restart(limits);
    reusable_ = false;
    exchanged outcome;
    const auto [error, count] = co_await stream_->write(bytes);
    outcome.written = count > 0;
    if (!error || count > 0) {
        // A server that refuses a large request answers before it has read all of it.
        outcome.answer = co_await read_answer();
    }
    if (error && !outcome.answer) {
        outcome.answer = fault(fault_kind::transient, "sending the request: " + error.message());
    }
    outcome.begun = reader_.started();
    outcome.late = watchdog_.expired();
    watchdog_.clear();
    reusable_ = !error && outcome.answer && reader_.keep_alive() && buffer_.data().empty();
    co_return outcome;
}

asio::awaitable<result<ports::http_response>> client_connection::read_answer() {
    while (true) {
        buffer_.consume(reader_.feed(buffer_.data()));
        if (reader_.done()) {
            co_return reader_.take();
        }
        if (!reader_.problem().empty()) {
            co_return fault(fault_kind::malformed, "the answer " + reader_.problem());
        }
        const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none) {
            co_return fault(fault_kind::cancelled, "cancelled");
        }
        const auto [error, count] = co_await stream_->read_some(buffer_.prepare());
        buffer_.commit(count);
        if (error == asio::error::eof) {
            reader_.feed_end();
            if (!reader_.problem().empty()) {
                const std::string_view what = reader_.started()
                                                  ? "the answer was cut short"
                                                  : "the connection was closed without an answer";
                co_return fault(fault_kind::transient, std::string(what));
            }
        } else if (error) {
            co_return fault(fault_kind::transient, "waiting for the answer: " + error.message());
        }
    }
}

void client_connection::rest(time_point until, std::function<void()> on_expiry) {
    on_rested_ = std::move(on_expiry);
    watchdog_.set(until);
}

} // namespace hallpass::net
