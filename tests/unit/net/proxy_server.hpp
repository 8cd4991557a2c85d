// A small real proxy: CONNECT and plain requests, to ports of this machine whatever the host's name.
#pragma once

#include "peers.hpp"

#include <string>
#include <vector>

namespace hallpass::test {

class proxy_server {
public:
    // Refuses with 407 who doesn't send exactly this Proxy-Authorization.
    proxy_server(boost::asio::io_context& context, std::string authorization);

    std::uint16_t port() const { return listener_.port(); }

    std::vector<std::string> seen; // request lines

private:
    boost::asio::awaitable<void> serve(std::unique_ptr<net::byte_stream> peer);

    boost::asio::io_context& context_;
    std::string authorization_;
    scripted_server listener_;
};

} // namespace hallpass::test
