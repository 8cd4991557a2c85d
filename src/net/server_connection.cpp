#include "net/server_connection.hpp"

#include "base/text.hpp"
#include "net/encode.hpp"
#include "net/tls_stream.hpp"
#include "net/websocket.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace hallpass::net {

namespace asio = boost::asio;

namespace {

// For a peer that has its last answer and doesn't close.
constexpr std::chrono::milliseconds linger = std::chrono::seconds(1);

} // namespace

server_shared::server_shared(
    asio::any_io_executor executor_, server_options options_, request_handler handler_, ports::log& out_
)
    : executor(std::move(executor_)), options(std::move(options_)), handler(std::move(handler_)), out(out_) {}

server_connection::server_connection(
    server_shared& shared,
    std::unique_ptr<byte_stream> stream,
    tls_stream* secured,
    std::string peer,
    bool crowded
)
    : shared_(shared),
      stream_(std::move(stream)),
      secured_(secured),
      peer_(std::move(peer)),
      crowded_(crowded),
      reader_({shared.options.max_header_bytes, shared.options.max_body_bytes}),
      watchdog_(shared.executor, [this] { on_expiry(); }) {}

asio::awaitable<void> server_connection::run() {
    bool alive = true;
    if (secured_ != nullptr) {
        alive = co_await shake_hands();
    }
    if (alive && crowded_) {
        co_await refuse(503);
        co_return;
    }
    while (alive) {
        alive = co_await read_request();
        if (!alive) {
            break;
        }
        const bool wants_more = reader_.keep_alive();
        server_response response = co_await ask_handler();
        if (response.drop_connection) {
            break;
        }
        if (response.upgraded && !upgrading_.empty()) {
            co_await upgrade(std::move(response));
            co_return;
        }
        const bool keep_alive = wants_more && !shared_.closing;
        alive = co_await answer(std::move(response), keep_alive, head_only_);
    }
    stream_->abort();
}

asio::awaitable<void> server_connection::upgrade(server_response response) {
    watchdog_.clear();
    websocket_upgrade asked;
    asked.target = "/";
    asked.headers = std::move(upgrading_);
    asked.begun = std::string(buffer_.data());
    auto made = co_await accept_websocket(shared_.executor, std::move(stream_), std::move(asked));
    if (!made) {
        shared_.out.debug("http_server_upgrade_failed", {{"peer", peer_}, {"error", made.error().text()}});
        co_return;
    }
    response.upgraded(std::move(*made));
}

void server_connection::cut_if_idle() noexcept {
    if (phase_ == phase::idle || phase_ == phase::handshake) {
        stream_->abort();
    }
}

void server_connection::cut() noexcept {
    if (stream_) { // a WebSocket is its owner's
        stream_->abort();
    }
}

asio::awaitable<bool> server_connection::shake_hands() {
    enter(phase::handshake, shared_.options.read_timeout);
    const boost::system::error_code error = co_await secured_->handshake();
    if (error) {
        shared_.out.debug("http_server_handshake_failed", {{"peer", peer_}, {"error", error.message()}});
    }
    co_return !error;
}

// True with a complete request in the reader. Otherwise the peer is gone, or has been told why not.
asio::awaitable<bool> server_connection::read_request() {
    reader_.restart();
    enter(phase::idle, shared_.options.idle_timeout);
    bool continued = false;
    while (true) {
        buffer_.consume(reader_.feed(buffer_.data()));
        if (reader_.refusal() != 0) {
            co_await refuse(reader_.refusal());
            co_return false;
        }
        if (reader_.done()) {
            co_return true;
        }
        if (reader_.started() && phase_ == phase::idle) {
            enter(phase::reading, shared_.options.read_timeout);
        }
        if (reader_.expects_continue() && !continued) {
            continued = true;
            const auto [error, count] = co_await stream_->write("HTTP/1.1 100 Continue\r\n\r\n");
            if (error) {
                co_return false;
            }
        }
        const bool more = co_await read_more();
        if (!more) {
            co_return false;
        }
    }
}

asio::awaitable<bool> server_connection::read_more() {
    if (shared_.closing && phase_ == phase::idle) {
        co_return false;
    }
    const auto [error, count] = co_await stream_->read_some(buffer_.prepare());
    if (error && watchdog_.expired() && phase_ == phase::reading) {
        co_await refuse(408);
        co_return false;
    }
    if (error) {
        co_return false;
    }
    buffer_.commit(count);
    co_return true;
}

asio::awaitable<server_response> server_connection::ask_handler() {
    phase_ = phase::handling;
    watchdog_.clear();
    server_request request = reader_.take();
    request.peer = peer_;
    head_only_ = request.method == "HEAD";
    upgrading_.clear();
    if (!request.header("Upgrade").empty()) {
        upgrading_ = request.headers;
    }
    const std::string asked = request.method + " " + request.path;
    std::string thrown;
    try {
        server_response response = co_await shared_.handler(std::move(request));
        co_return response;
    } catch (const std::exception& error) {
        thrown = error.what();
    }
    shared_.out.error(
        "http_server_handler_failed", {{"request", one_line(asked)}, {"error", one_line(thrown)}}
    );
    server_response failed = text_response(500, "internal error\n");
    co_return failed;
}

// True where the connection goes on.
asio::awaitable<bool> server_connection::answer(server_response response, bool keep_alive, bool head_only) {
    enter(phase::writing, shared_.options.write_timeout);
    response_framing framing;
    framing.keep_alive = keep_alive;
    framing.head_only = head_only;
    const std::string bytes = encode_response(response, framing);
    const auto [error, count] = co_await stream_->write(bytes);
    if (error) {
        co_return false;
    }
    if (!keep_alive) {
        enter(phase::writing, std::min(linger, shared_.options.write_timeout));
        co_await stream_->finish();
    }
    co_return keep_alive;
}

asio::awaitable<void> server_connection::refuse(int status) {
    server_response response = text_response(status, std::string(reason_phrase(status)) + "\n");
    co_await answer(std::move(response), false, false);
}

void server_connection::enter(phase next, std::chrono::milliseconds at_most) {
    phase_ = next;
    watchdog_.set(std::chrono::steady_clock::now() + at_most);
}

void server_connection::on_expiry() noexcept {
    if (phase_ == phase::reading) {
        stream_->cancel(); // so that a 408 can still be written
    } else {
        stream_->abort();
    }
}

} // namespace hallpass::net
