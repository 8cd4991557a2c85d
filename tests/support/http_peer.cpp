#include "support/http_peer.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <charconv>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/time.h>
#include <system_error>
#include <unistd.h>

namespace hallpass::test {

namespace {

[[noreturn]] void throw_errno(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

struct tcp_socket {
    tcp_socket() : descriptor(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        if (descriptor < 0) {
            throw_errno("socket");
        }
    }

    tcp_socket(const tcp_socket&) = delete;
    tcp_socket& operator=(const tcp_socket&) = delete;

    ~tcp_socket() { close(descriptor); }

    int descriptor;
};

sockaddr_in address_of(const std::string& host, std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    if (inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1) {
        throw std::runtime_error("not an IPv4 address: " + host);
    }
    return address;
}

std::string round_trip(const tcp_socket& connection, std::string_view request) {
    while (!request.empty()) {
        const ssize_t sent = send(connection.descriptor, request.data(), request.size(), MSG_NOSIGNAL);
        if (sent < 0) {
            throw_errno("send");
        }
        request.remove_prefix(static_cast<std::size_t>(sent));
    }
    std::string answer;
    std::array<char, 65536> part;
    ssize_t got = 0;
    while ((got = recv(connection.descriptor, part.data(), part.size(), 0)) > 0) {
        answer.append(part.data(), static_cast<std::size_t>(got));
    }
    if (got < 0) {
        throw_errno("recv");
    }
    return answer;
}

} // namespace

http_peer::http_peer(std::string_view address) {
    constexpr std::string_view scheme = "http://";
    if (address.starts_with(scheme)) {
        address.remove_prefix(scheme.size());
    }
    address = address.substr(0, address.find('/'));
    const auto colon = address.find(':');
    host_ = address.substr(0, colon);
    const std::string_view number = colon == std::string_view::npos ? "" : address.substr(colon + 1);
    if (std::from_chars(number.data(), number.data() + number.size(), port_).ec != std::errc()) {
        throw std::runtime_error("no port in the address " + std::string(address));
    }
}

http_answer http_peer::send(std::string_view method, std::string_view path, std::string_view body) const {
    const tcp_socket connection;
    const timeval limit{.tv_sec = 30, .tv_usec = 0};
    setsockopt(connection.descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(connection.descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    const sockaddr_in address = address_of(host_, port_);
    // The socket functions take the general type of an address.
    if (connect(connection.descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        throw_errno("connect to " + host_ + ":" + std::to_string(port_));
    }
    // HTTP/1.0, so that the answer ends with the connection and never comes in chunks.
    std::string request = std::string(method) + " " + std::string(path) + " HTTP/1.0\r\nHost: " + host_ +
                          ":" + std::to_string(port_) + "\r\n";
    if (!body.empty()) {
        request += "Content-Type: application/json\r\n";
    }
    request += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
    const std::string answer = round_trip(connection, request);

    http_answer parsed;
    const auto space = answer.find(' ');
    const auto head = answer.find("\r\n\r\n");
    if (space == std::string::npos || head == std::string::npos ||
        std::from_chars(answer.data() + space + 1, answer.data() + head, parsed.status).ec != std::errc()) {
        throw std::runtime_error(
            "no HTTP answer to " + std::string(method) + " " + std::string(path) + ": " + answer
        );
    }
    parsed.body = answer.substr(head + 4);
    return parsed;
}

boost::json::value
http_peer::json(std::string_view method, std::string_view path, std::string_view body) const {
    const http_answer answer = send(method, path, body);
    if (answer.status < 200 || answer.status > 299) {
        throw std::runtime_error(
            std::string(method) + " " + std::string(path) + " answered " + std::to_string(answer.status) +
            ": " + answer.body
        );
    }
    return answer.body.empty() ? boost::json::value() : boost::json::parse(answer.body);
}

boost::json::value http_peer::get(std::string_view path) const {
    return json("GET", path, "");
}

boost::json::value http_peer::post(std::string_view path, const boost::json::value& body) const {
    return json("POST", path, boost::json::serialize(body));
}

boost::json::value http_peer::erase(std::string_view path) const {
    return json("DELETE", path, "");
}

std::uint16_t free_port() {
    const tcp_socket probe;
    sockaddr_in address = address_of("127.0.0.1", 0);
    socklen_t size = sizeof address;
    auto* general = reinterpret_cast<sockaddr*>(&address);
    if (bind(probe.descriptor, general, size) != 0 || getsockname(probe.descriptor, general, &size) != 0) {
        throw_errno("bind");
    }
    return ntohs(address.sin_port);
}

} // namespace hallpass::test
