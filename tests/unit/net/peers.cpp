#include "peers.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <charconv>
#include <exception>
#include <stdexcept>
#include <utility>

namespace hallpass::test {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

namespace {

void rethrow(std::exception_ptr thrown) {
    if (thrown) {
        std::rethrow_exception(std::move(thrown));
    }
}

} // namespace

std::uint16_t port_of(std::string_view address) {
    const std::string_view text = address.substr(address.rfind(':') + 1);
    std::uint16_t port = 0;
    std::from_chars(text.data(), text.data() + text.size(), port);
    return port;
}

asio::awaitable<std::unique_ptr<net::byte_stream>> connect_to(asio::io_context& context, std::uint16_t port) {
    tcp::socket socket(context);
    const tcp::endpoint at(asio::ip::address_v4::loopback(), port);
    co_await socket.async_connect(at, asio::use_awaitable);
    co_return net::make_plain_stream(std::move(socket));
}

asio::awaitable<std::string> read_all(net::byte_stream& from) {
    std::string all;
    std::array<char, 4096> part;
    while (true) {
        const auto [error, count] = co_await from.read_some(part);
        all.append(part.data(), count);
        if (error) {
            co_return all;
        }
    }
}

asio::awaitable<std::string> read_until(net::byte_stream& from, std::string text) {
    std::string all;
    std::array<char, 4096> part;
    while (all.find(text) == std::string::npos) {
        const auto [error, count] = co_await from.read_some(part);
        all.append(part.data(), count);
        if (error) {
            break;
        }
    }
    co_return all;
}

asio::awaitable<std::string> exchange(asio::io_context& context, std::uint16_t port, std::string bytes) {
    const auto peer = co_await connect_to(context, port);
    co_await peer->write(bytes);
    std::string answer = co_await read_all(*peer);
    co_return answer;
}

running_server::running_server(
    asio::io_context& context, net::server_options options, net::request_handler handler
)
    : ended_(context, asio::steady_timer::time_point::max()) {
    auto made = net::listen_http(context.get_executor(), std::move(options), std::move(handler), log);
    if (!made) {
        throw std::runtime_error(made.error().text());
    }
    server_ = std::move(*made);
    asio::co_spawn(context, server_->serve(), [this](std::exception_ptr thrown) {
        has_ended_ = true;
        ended_.cancel();
        rethrow(std::move(thrown));
    });
}

asio::awaitable<void> running_server::stop() {
    server_->close();
    if (!has_ended_) {
        co_await ended_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
}

scripted_server::scripted_server(asio::io_context& context, script play)
    : context_(context),
      acceptor_(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
      play_(std::move(play)) {
    asio::co_spawn(context, accept(), rethrow);
}

scripted_server::~scripted_server() = default;

std::string scripted_server::url(std::string_view path) const {
    return "http://127.0.0.1:" + std::to_string(port()) + std::string(path);
}

void scripted_server::stop_listening() {
    acceptor_.close();
}

asio::awaitable<void> scripted_server::accept() {
    while (true) {
        auto [error, socket] = co_await acceptor_.async_accept(asio::as_tuple(asio::use_awaitable));
        if (error) {
            co_return;
        }
        auto stream = net::make_plain_stream(std::move(socket));
        asio::co_spawn(context_, play_(std::move(stream), connections_), rethrow);
        ++connections_;
    }
}

} // namespace hallpass::test
