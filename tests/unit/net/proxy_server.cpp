#include "proxy_server.hpp"

#include <boost/asio/co_spawn.hpp>

#include <array>
#include <exception>
#include <utility>

namespace hallpass::test {

namespace asio = boost::asio;

namespace {

// Until either end closes.
asio::awaitable<void> pump(std::shared_ptr<net::byte_stream> from, std::shared_ptr<net::byte_stream> to) {
    std::array<char, 8192> part;
    while (true) {
        const auto [read_error, count] = co_await from->read_some(part);
        if (read_error) {
            break;
        }
        const auto [write_error, written] = co_await to->write(std::string_view(part.data(), count));
        if (write_error) {
            break;
        }
    }
    from->abort();
    to->abort();
}

} // namespace

proxy_server::proxy_server(asio::io_context& context, std::string authorization)
    : context_(context),
      authorization_(std::move(authorization)),
      listener_(context, [this](std::unique_ptr<net::byte_stream> peer, int) {
          return serve(std::move(peer));
      }) {}

asio::awaitable<void> proxy_server::serve(std::unique_ptr<net::byte_stream> peer) {
    const std::string asked = co_await read_until(*peer, "\r\n\r\n");
    const std::string line = asked.substr(0, asked.find("\r\n"));
    seen.push_back(line);
    if (asked.find("\r\nProxy-Authorization: " + authorization_ + "\r\n") == std::string::npos) {
        co_await peer->write("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 2\r\n\r\nno");
        co_return;
    }
    const bool tunnel = line.starts_with("CONNECT ");
    const std::size_t begin = tunnel ? 8 : line.find("//") + 2;
    const std::string authority = line.substr(begin, line.find_first_of("/ ", begin) - begin);
    std::shared_ptr<net::byte_stream> near = std::move(peer);
    std::shared_ptr<net::byte_stream> far = co_await connect_to(context_, port_of(authority));
    if (tunnel) {
        co_await near->write("HTTP/1.1 200 Connection established\r\n\r\n");
    } else {
        co_await far->write(asked);
    }
    asio::co_spawn(context_, pump(near, far), [](std::exception_ptr thrown) {
        if (thrown) {
            std::rethrow_exception(thrown);
        }
    });
    co_await pump(far, near);
}

} // namespace hallpass::test
