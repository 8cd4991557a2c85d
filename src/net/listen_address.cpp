#include "net/listen_address.hpp"

#include <boost/asio/ip/v6_only.hpp>

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace hallpass::net {

namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return port;
}

result<tcp::acceptor>
open(const asio::any_io_executor& executor, const tcp::endpoint& at, bool both_families) {
    boost::system::error_code error;
    tcp::acceptor acceptor(executor);
    const auto failed = [&](std::string_view step) {
        return fault(fault_kind::permanent, std::string(step) + ": " + error.message());
    };
    acceptor.open(at.protocol(), error);
    if (error) {
        return failed("socket");
    }
    acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error && both_families) {
        acceptor.set_option(asio::ip::v6_only(false), error);
    }
    if (error) {
        return failed("socket option");
    }
    acceptor.bind(at, error);
    if (error) {
        return failed("bind");
    }
    acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error) {
        return failed("listen");
    }
    return acceptor;
}

} // namespace

result<tcp::acceptor> listen_on(const asio::any_io_executor& executor, const std::string& address) {
    const auto refused = [&](std::string_view why) {
        return fault(fault_kind::permanent, "can't listen on \"" + address + "\": " + std::string(why));
    };
    const std::size_t colon = address.rfind(':');
    const auto port =
        colon == std::string::npos ? std::nullopt : parse_port(std::string_view(address).substr(colon + 1));
    if (!port) {
        return refused("write it as host:port, such as 127.0.0.1:8081");
    }
    std::string host = address.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
    }
    if (host.empty()) {
        auto both = open(executor, tcp::endpoint(tcp::v6(), *port), true);
        if (both) {
            return both;
        }
        auto only = open(executor, tcp::endpoint(tcp::v4(), *port), false); // a host without IPv6
        return only ? std::move(only) : refused(only.error().text());
    }
    boost::system::error_code error;
    // At start-up, before anything runs on this thread: a blocking look-up does no harm.
    const auto found = tcp::resolver(executor).resolve(host, std::to_string(*port), error);
    if (error || found.empty()) {
        return refused(error ? error.message() : "no such host");
    }
    auto opened = open(executor, found.begin()->endpoint(), false);
    return opened ? std::move(opened) : refused(opened.error().text());
}

} // namespace hallpass::net
