#include "net/http_server.hpp"

#include "net/listener.hpp"
#include "net/server_connection.hpp"
#include "net/tls_stream.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <list>
#include <utility>

namespace hallpass::net {

namespace {

namespace asio = boost::asio;

// Beyond the limit, this many more are told 503; what comes then is closed without a word.
constexpr std::size_t crowd = 16;

struct owned_connection {
    owned_connection(
        server_shared& shared,
        std::unique_ptr<byte_stream> stream,
        tls_stream* secured,
        std::string peer,
        bool crowded
    )
        : connection(shared, std::move(stream), secured, std::move(peer), crowded) {}

    server_connection connection;
    asio::cancellation_signal stop;
    bool is_leaving = false;
};

class beast_server final : public http_server {
public:
    beast_server(
        asio::any_io_executor executor,
        server_options options,
        request_handler handler,
        ports::log& out,
        std::unique_ptr<listener> door
    )
        : shared_(executor, std::move(options), std::move(handler), out),
          door_(std::move(door)),
          pause_(executor),
          all_ended_(executor) {}

    std::string address() const override { return door_->address(); }

    result<void> renew(const server_identity& fresh) override;
    asio::awaitable<void> serve() override;
    void close() override;

private:
    asio::awaitable<void> accept_until_closed();
    void admit(accepted one);
    bool make_room();
    void start(std::list<owned_connection>::iterator owned);

    server_shared shared_;
    std::unique_ptr<listener> door_;
    asio::steady_timer pause_;
    asio::steady_timer all_ended_;
    std::list<owned_connection> connections_;
};

result<void> beast_server::renew(const server_identity& fresh) {
    auto made = make_server_tls_context(fresh.certificate_chain_pem, fresh.private_key_pem);
    if (!made) {
        return made.error().in("listening on " + address());
    }
    door_->renew(std::move(*made));
    return {};
}

asio::awaitable<void> beast_server::serve() {
    co_await asio::this_coro::throw_if_cancelled(false);
    co_await accept_until_closed();
    const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
    const bool cancelled = state.cancelled() != asio::cancellation_type::none;
    close();
    if (cancelled) {
        for (owned_connection& owned : connections_) {
            owned.connection.cut();
            owned.stop.emit(asio::cancellation_type::terminal);
        }
    }
    // Their end is awaited also where we are cancelled: they use this object.
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    while (!connections_.empty()) {
        all_ended_.expires_at(asio::steady_timer::time_point::max());
        co_await all_ended_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
}

asio::awaitable<void> beast_server::accept_until_closed() {
    while (!shared_.closing) {
        accepted one = co_await door_->accept();
        const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
        if (shared_.closing || state.cancelled() != asio::cancellation_type::none) {
            co_return;
        }
        if (!one.error) {
            admit(std::move(one));
            continue;
        }
        // No descriptors left, or the peer gave up in between: the listener itself is sound.
        shared_.out.warning(
            "http_server_accept_failed", {{"listen", address()}, {"error", one.error.message()}}
        );
        pause_.expires_after(std::chrono::milliseconds(100));
        co_await pause_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
}

void beast_server::admit(accepted one) {
    if (!one.stream || connections_.size() >= shared_.options.max_connections + crowd) {
        return;
    }
    const bool crowded = connections_.size() >= shared_.options.max_connections && !make_room();
    connections_.emplace_back(shared_, std::move(one.stream), one.secured, std::move(one.peer), crowded);
    start(std::prev(connections_.end()));
}

// The oldest that is silent gives way: who only holds connections open keeps nobody out.
bool beast_server::make_room() {
    const auto silent = std::find_if(connections_.begin(), connections_.end(), [](const auto& one) {
        return !one.is_leaving && one.connection.waits_for_peer();
    });
    if (silent == connections_.end()) {
        return false;
    }
    silent->is_leaving = true;
    silent->connection.cut();
    return true;
}

void beast_server::start(std::list<owned_connection>::iterator owned) {
    auto ended = [this, owned](const std::exception_ptr& thrown) {
        if (thrown) {
            try {
                std::rethrow_exception(thrown);
            } catch (const std::exception& error) {
                shared_.out.error("http_server_connection_failed", {{"error", error.what()}});
            }
        }
        connections_.erase(owned);
        if (connections_.empty()) {
            all_ended_.cancel();
        }
    };
    asio::co_spawn(
        shared_.executor, owned->connection.run(),
        asio::bind_cancellation_slot(owned->stop.slot(), std::move(ended))
    );
}

void beast_server::close() {
    shared_.closing = true;
    door_->close();
    pause_.cancel();
    for (owned_connection& owned : connections_) {
        owned.connection.cut_if_idle();
    }
}

} // namespace

result<std::unique_ptr<http_server>> listen_http(
    asio::any_io_executor executor, server_options options, request_handler handler, ports::log& out
) {
    tls_context tls;
    if (options.tls) {
        auto made = make_server_tls_context(options.tls->certificate_chain_pem, options.tls->private_key_pem);
        if (!made) {
            return made.error().in("listening on " + options.listen);
        }
        tls = *made;
    }
    auto door = open_listener(executor, options.listen, std::move(tls));
    if (!door) {
        return door.error();
    }
    std::unique_ptr<http_server> server = std::make_unique<beast_server>(
        executor, std::move(options), std::move(handler), out, std::move(*door)
    );
    return server;
}

std::string_view server_request::header(std::string_view name) const noexcept {
    return ports::find_header(headers, name);
}

server_response text_response(int status, std::string text) {
    return server_response(status, std::move(text), "text/plain; charset=utf-8");
}

server_response::server_response(int status_code, std::string text, std::string content_type)
    : status(status_code), body(std::move(text)) {
    if (!content_type.empty()) {
        headers.emplace_back("Content-Type", std::move(content_type));
    }
}

} // namespace hallpass::net
