#include "teleport/transport/tls_stream.hpp"

#include "teleport/transport/tls_context.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <utility>

namespace hallpass::teleport::transport {

namespace {

constexpr auto as_result = boost::asio::as_tuple(boost::asio::use_awaitable);

} // namespace

tls_stream::tls_stream(
    const boost::asio::any_io_executor& executor,
    boost::asio::ssl::context context,
    std::string peer,
    std::string source
)
    : context_(std::move(context)),
      stream_(executor, context_),
      peer_(std::move(peer)),
      source_(std::move(source)) {}

fault tls_stream::explain(const boost::system::error_code& error) {
    return explain_tls_failure(stream_.native_handle(), error, peer_, source_);
}

boost::asio::awaitable<result<void>> tls_stream::handshake() {
    if (!prepare_handshake(stream_.native_handle())) {
        co_return fault(fault_kind::transient, "no memory for a TLS handshake");
    }
    const auto [error] = co_await stream_.async_handshake(boost::asio::ssl::stream_base::client, as_result);
    if (error) {
        co_return explain(error);
    }
    if (!agreed_on_http2(stream_.native_handle())) {
        co_return fault(
            fault_kind::permanent,
            peer_ + " does not speak HTTP/2 (ALPN h2), so it is no Auth Service; check teleport.addr"
        );
    }
    co_return result<void>();
}

boost::asio::awaitable<result<std::size_t>> tls_stream::read_some(std::span<std::byte> into) {
    const boost::asio::mutable_buffer buffer(into.data(), into.size());
    const auto [error, size] = co_await stream_.async_read_some(buffer, as_result);
    if (error) {
        const fault why = explain(error);
        // Some servers close without the alert that says so.
        if (!received_ && why.kind() == fault_kind::transient) {
            co_return fault(
                fault_kind::transient, why.text() +
                                           " right after the TLS handshake; it may not accept the "
                                           "certificate of identity file " +
                                           source_
            );
        }
        co_return why;
    }
    received_ = true;
    co_return size;
}

boost::asio::awaitable<result<void>> tls_stream::write(std::span<const std::byte> all) {
    const boost::asio::const_buffer buffer(all.data(), all.size());
    const auto [error, size] = co_await boost::asio::async_write(stream_, buffer, as_result);
    if (error) {
        co_return explain(error);
    }
    co_return result<void>();
}

void tls_stream::close() noexcept {
    boost::system::error_code ignored; // closing fails only where it is closed already
    socket().close(ignored);
}

} // namespace hallpass::teleport::transport
