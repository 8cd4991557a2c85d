// Dials the Auth Service itself: TCP, then mutual TLS.
#pragma once

#include "teleport/transport/address.hpp"
#include "teleport/transport/dialler.hpp"
#include "teleport/transport/name_lookup.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <memory>

namespace hallpass::teleport::transport {

class tls_stream;

class direct_dialler final : public dialler {
public:
    direct_dialler(boost::asio::any_io_executor executor, address at);

    boost::asio::awaitable<result<std::unique_ptr<byte_stream>>> dial(std::shared_ptr<const identity> as
    ) override;
    void cancel() noexcept override;

private:
    using time_point = std::chrono::steady_clock::time_point;

    boost::asio::awaitable<result<void>> connect(boost::asio::ip::tcp::socket& socket, time_point limit);
    boost::asio::awaitable<result<void>>
    connect_to(boost::asio::ip::tcp::socket& socket, boost::asio::ip::tcp::endpoint to, time_point limit);
    boost::asio::awaitable<result<void>> handshake(tls_stream& stream, time_point limit);

    boost::asio::any_io_executor executor_;
    address at_;
    name_lookup names_;
    boost::asio::ip::tcp::socket* dialling_ = nullptr;
    bool cancelled_ = false;
};

} // namespace hallpass::teleport::transport
