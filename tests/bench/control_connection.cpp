#include "control_connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/parse.hpp>

#include <stdexcept>

namespace hallpass::bench {

namespace asio = boost::asio;

namespace {

// Go's server gives a Content-Length to answers that fit in its buffer, and chunks the others.
std::string read_chunks(asio::ip::tcp::socket& socket, std::string& received) {
    std::string body;
    while (true) {
        const std::size_t line = asio::read_until(socket, asio::dynamic_buffer(received), "\r\n");
        const std::size_t size = std::stoul(received.substr(0, line), nullptr, 16);
        received.erase(0, line);
        if (received.size() < size + 2) {
            asio::read(
                socket, asio::dynamic_buffer(received), asio::transfer_exactly(size + 2 - received.size())
            );
        }
        body += received.substr(0, size);
        received.erase(0, size + 2);
        if (size == 0) {
            return body;
        }
    }
}

} // namespace

control_connection::control_connection(const std::string& address) : host_(address) {
    const std::size_t colon = address.rfind(':');
    asio::ip::tcp::resolver resolver(context_);
    asio::connect(socket_, resolver.resolve(address.substr(0, colon), address.substr(colon + 1)));
    socket_.set_option(asio::ip::tcp::no_delay(true));
}

boost::json::value
control_connection::call(std::string_view method, std::string_view path, std::string_view body) {
    const std::string request =
        std::string(method) + " " + std::string(path) + " HTTP/1.1\r\nHost: " + host_ +
        "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
    asio::write(socket_, asio::buffer(request));
    const std::size_t head = asio::read_until(socket_, asio::dynamic_buffer(received_), "\r\n\r\n");
    const std::string headers = received_.substr(0, head);
    received_.erase(0, head);
    std::string content;
    const std::size_t length_at = headers.find("Content-Length: ");
    if (length_at == std::string::npos) {
        content = read_chunks(socket_, received_);
    } else {
        const std::size_t length = std::stoul(headers.substr(length_at + 16));
        if (received_.size() < length) {
            asio::read(
                socket_, asio::dynamic_buffer(received_), asio::transfer_exactly(length - received_.size())
            );
        }
        content = received_.substr(0, length);
        received_.erase(0, length);
    }
    if (headers.find(" 200 ") == std::string::npos) {
        throw std::runtime_error(std::string(method) + " " + std::string(path) + ": " + content);
    }
    return boost::json::parse(content);
}

} // namespace hallpass::bench
