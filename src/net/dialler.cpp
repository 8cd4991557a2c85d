#include "net/dialler.hpp"

#include "net/proxy_tunnel.hpp"
#include "net/socket_calls.hpp"
#include "net/watchdog.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace hallpass::net {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using namespace std::chrono_literals;

namespace {

// An address that swallows packets must leave time for the next one.
dialler::time_point share_of(dialler::time_point deadline, std::size_t addresses_left) {
    const auto now = std::chrono::steady_clock::now();
    const auto fair = (deadline - now) / static_cast<std::int64_t>(addresses_left);
    return std::min(deadline, now + std::max<std::chrono::steady_clock::duration>(fair, 2s));
}

} // namespace

dialler::dialler(
    asio::any_io_executor executor,
    proxy_settings proxies,
    std::vector<std::string> extra_authorities_pem,
    name_lookup look_up
)
    : executor_(std::move(executor)),
      proxies_(std::move(proxies)),
      extra_authorities_pem_(std::move(extra_authorities_pem)),
      resolver_(executor_, std::move(look_up)) {}

asio::awaitable<result<std::unique_ptr<byte_stream>>> dialler::dial(url target, time_point deadline) {
    const proxy_server* const proxy = proxies_.proxy_for(target);
    const std::string host = proxy == nullptr ? target.host : proxy->host;
    const std::uint16_t port = proxy == nullptr ? target.port : proxy->port;
    auto socket = co_await connect(host, port, deadline);
    if (!socket) {
        co_return proxy == nullptr ? socket.error() : socket.error().in("the proxy");
    }
    if (!target.tls) {
        std::unique_ptr<byte_stream> plain = make_plain_stream(std::move(*socket));
        co_return plain;
    }
    if (proxy != nullptr) {
        const std::string authority = host_and_port(target.host, target.port);
        const auto open = co_await open_tunnel(*socket, *proxy, authority, deadline);
        if (!open) {
            co_return open.error();
        }
    }
    auto secured = co_await secure(std::move(*socket), target.host, deadline);
    co_return secured;
}

asio::awaitable<result<tcp::socket>>
dialler::connect(std::string host, std::uint16_t port, time_point deadline) {
    const auto found = co_await resolver_.resolve(host, deadline);
    if (!found) {
        co_return found.error();
    }
    fault failed(fault_kind::permanent, "looking up " + host + ": it has no address");
    std::size_t left = found->size();
    for (const asio::ip::address& address : *found) {
        const tcp::endpoint at(address, port);
        tcp::socket socket(executor_);
        watchdog limit(executor_, [&socket] { close_socket(socket); });
        limit.set(share_of(deadline, left));
        const auto [error] = co_await socket.async_connect(at, asio::as_tuple(asio::use_awaitable));
        if (!error) {
            co_return socket;
        }
        const std::string why = limit.expired() ? "took too long" : error.message();
        failed = fault(fault_kind::transient, "connecting to " + to_text(at) + ": " + why);
        --left;
        const bool cancelled = error == asio::error::operation_aborted && !limit.expired();
        if (cancelled || std::chrono::steady_clock::now() >= deadline) {
            break;
        }
    }
    co_return failed;
}

asio::awaitable<result<std::unique_ptr<byte_stream>>>
dialler::secure(tcp::socket socket, std::string host, time_point deadline) {
    if (!tls_) {
        auto made = make_client_tls_context(extra_authorities_pem_);
        if (!made) {
            co_return fault(fault_kind::permanent, made.error().text());
        }
        tls_ = std::move(*made);
    }
    std::unique_ptr<tls_stream> stream = make_client_tls_stream(std::move(socket), tls_, host);
    if (!stream) {
        co_return fault(fault_kind::permanent, "\"" + host + "\" can't be the name in a certificate");
    }
    watchdog limit(executor_, [&stream] { stream->abort(); });
    limit.set(deadline);
    const boost::system::error_code error = co_await stream->handshake();
    if (limit.expired()) {
        co_return fault(fault_kind::transient, "the TLS handshake with " + host + " took too long");
    }
    const std::string refused = error ? stream->certificate_problem() : std::string();
    if (!refused.empty()) {
        co_return fault(
            fault_kind::permanent, "the certificate of " + host + " is not trusted: " + refused +
                                       "; if it is your own authority's, name it in SSL_CERT_FILE"
        );
    }
    if (error) {
        co_return fault(fault_kind::transient, "TLS handshake with " + host + ": " + error.message());
    }
    std::unique_ptr<byte_stream> secured = std::move(stream);
    co_return secured;
}

} // namespace hallpass::net
