// TLS over TCP, as a byte stream. Only diallers include this.
#pragma once

#include "teleport/transport/byte_stream.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <string>

namespace hallpass::teleport::transport {

class tls_stream final : public byte_stream {
public:
    // `peer` and `source` (the identity's file) are for the texts of faults.
    tls_stream(
        const boost::asio::any_io_executor& executor,
        boost::asio::ssl::context context,
        std::string peer,
        std::string source
    );

    boost::asio::ip::tcp::socket& socket() noexcept { return stream_.next_layer(); }

    // On a connected socket. Verifies the other side; whether it takes our certificate may come later.
    boost::asio::awaitable<result<void>> handshake();

    boost::asio::awaitable<result<std::size_t>> read_some(std::span<std::byte> into) override;
    boost::asio::awaitable<result<void>> write(std::span<const std::byte> all) override;
    void close() noexcept override;

private:
    fault explain(const boost::system::error_code& error);

    boost::asio::ssl::context context_;
    boost::asio::ssl::stream<boost::asio::ip::tcp::socket> stream_;
    std::string peer_;
    std::string source_;
    bool received_ = false; // anything after the handshake
};

} // namespace hallpass::teleport::transport
