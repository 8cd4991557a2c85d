// A blocking HTTP client for the JSON control ports of the programs under test.
#pragma once

#include <boost/json/value.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace hallpass::test {

struct http_answer {
    int status = 0;
    std::string body;
};

class http_peer {
public:
    // "127.0.0.1:8080", with or without "http://" before it.
    explicit http_peer(std::string_view address);

    std::string address() const { return host_ + ":" + std::to_string(port_); }

    // Throws where there is no whole answer within 30 seconds.
    http_answer send(std::string_view method, std::string_view path, std::string_view body = {}) const;

    // The JSON of an answer with a 2xx status; anything else is thrown.
    boost::json::value get(std::string_view path) const;
    boost::json::value post(std::string_view path, const boost::json::value& body) const;
    boost::json::value erase(std::string_view path) const;

private:
    boost::json::value json(std::string_view method, std::string_view path, std::string_view body) const;

    std::string host_;
    std::uint16_t port_;
};

// A port of 127.0.0.1 that was free just now.
std::uint16_t free_port();

} // namespace hallpass::test
