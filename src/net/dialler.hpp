// From a URL's host to a connected stream: addresses, proxy, TLS.
#pragma once

#include "base/result.hpp"
#include "net/byte_stream.hpp"
#include "net/proxy_settings.hpp"
#include "net/resolver.hpp"
#include "net/tls_stream.hpp"
#include "net/url.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace hallpass::net {

class dialler {
public:
    using time_point = std::chrono::steady_clock::time_point;

    dialler(
        boost::asio::any_io_executor executor,
        proxy_settings proxies,
        std::vector<std::string> extra_authorities_pem,
        name_lookup look_up
    );

    const proxy_settings& proxies() const noexcept { return proxies_; }

    // Nothing of the request has been sent when it fails. transient: worth another try; permanent: another
    // try would fail alike (no such name, a certificate that can't be trusted, a proxy that refuses).
    boost::asio::awaitable<result<std::unique_ptr<byte_stream>>> dial(url target, time_point deadline);

private:
    boost::asio::awaitable<result<boost::asio::ip::tcp::socket>>
    connect(std::string host, std::uint16_t port, time_point deadline);
    boost::asio::awaitable<result<std::unique_ptr<byte_stream>>>
    secure(boost::asio::ip::tcp::socket socket, std::string host, time_point deadline);

    boost::asio::any_io_executor executor_;
    proxy_settings proxies_;
    std::vector<std::string> extra_authorities_pem_;
    resolver resolver_;
    tls_context tls_; // made at the first use: a program without https needs no authorities
};

} // namespace hallpass::net
