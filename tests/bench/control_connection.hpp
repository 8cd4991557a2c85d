// A kept-alive connection to the control port of the Auth Service in Go: one call costs one round trip.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace hallpass::bench {

class control_connection {
public:
    explicit control_connection(const std::string& address);

    boost::json::value call(std::string_view method, std::string_view path, std::string_view body = {});

private:
    boost::asio::io_context context_;
    boost::asio::ip::tcp::socket socket_{context_};
    std::string host_;
    std::string received_;
};

} // namespace hallpass::bench
