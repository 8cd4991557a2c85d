#include "net/byte_stream.hpp"
#include "net/socket_calls.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <poll.h>
#include <utility>

namespace hallpass::net {

namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using unix_socket = asio::local::stream_protocol::socket;

constexpr std::size_t drain_limit = 256 * 1024;

template <class Socket>
class plain_stream final : public byte_stream {
public:
    explicit plain_stream(Socket socket) : socket_(std::move(socket)) {}

    asio::awaitable<io_outcome> read_some(std::span<char> into) override {
        return socket_.async_read_some(
            asio::buffer(into.data(), into.size()), asio::as_tuple(asio::use_awaitable)
        );
    }

    asio::awaitable<io_outcome> write(std::string_view all) override {
        return asio::async_write(
            socket_, asio::buffer(all.data(), all.size()), asio::as_tuple(asio::use_awaitable)
        );
    }

    asio::awaitable<void> finish() override { return drain(socket_); }

    void cancel() noexcept override {
        boost::system::error_code ignored; // fails only where nothing is under way any more
        socket_.cancel(ignored);
    }

    void abort() noexcept override { close_socket(socket_); }

    bool is_stale() noexcept override { return peek(socket_) != socket_state::quiet; }

private:
    Socket socket_;
};

} // namespace

std::unique_ptr<byte_stream> make_plain_stream(tcp::socket socket) {
    set_no_delay(socket);
    return std::make_unique<plain_stream<tcp::socket>>(std::move(socket));
}

std::unique_ptr<byte_stream> make_unix_stream(unix_socket socket) {
    return std::make_unique<plain_stream<unix_socket>>(std::move(socket));
}

std::string to_text(const tcp::endpoint& endpoint) {
    const std::string address = endpoint.address().to_string();
    const std::string port = std::to_string(endpoint.port());
    return endpoint.address().is_v6() ? "[" + address + "]:" + port : address + ":" + port;
}

void set_no_delay(tcp::socket& socket) noexcept {
    boost::system::error_code ignored; // a socket that has failed already says so at its first read
    socket.set_option(tcp::no_delay(true), ignored);
}

template <class Socket>
void close_socket(Socket& socket) noexcept {
    boost::system::error_code ignored; // close() releases the descriptor even where it reports an error
    socket.close(ignored);
}

template <class Socket>
socket_state peek(Socket& socket) noexcept {
    if (!socket.is_open()) {
        return socket_state::ended;
    }
    pollfd asked{socket.native_handle(), POLLIN | POLLRDHUP, 0};
    if (::poll(&asked, 1, 0) <= 0) {
        return socket_state::quiet;
    }
    const bool ended = (asked.revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)) != 0;
    return ended ? socket_state::ended : socket_state::readable;
}

template <class Socket>
asio::awaitable<void> drain(Socket& socket) {
    boost::system::error_code failed;
    socket.shutdown(asio::socket_base::shutdown_send, failed);
    std::array<char, 4096> discarded;
    std::size_t total = 0;
    while (!failed && total < drain_limit) {
        const asio::mutable_buffer room(discarded.data(), discarded.size());
        const auto [error, count] =
            co_await socket.async_read_some(room, asio::as_tuple(asio::use_awaitable));
        failed = error;
        total += count;
    }
    close_socket(socket);
}

template void close_socket(tcp::socket& socket) noexcept;
template void close_socket(unix_socket& socket) noexcept;
template socket_state peek(tcp::socket& socket) noexcept;
template socket_state peek(unix_socket& socket) noexcept;
template asio::awaitable<void> drain(tcp::socket& socket);
template asio::awaitable<void> drain(unix_socket& socket);

} // namespace hallpass::net
