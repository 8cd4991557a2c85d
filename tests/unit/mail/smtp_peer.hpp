// A mail server of a test, on the test's own thread: whoever blocks it waits for ever.
#pragma once

#include "net/byte_stream.hpp"
#include "net/tls_stream.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

namespace hallpass::test {

// Instead of a reply.
inline constexpr const char* hangs_up = "(hangs up)";
inline constexpr const char* says_nothing = "(says nothing)";

class smtp_peer {
public:
    smtp_peer(boost::asio::io_context& context, net::tls_context tls);
    ~smtp_peer();
    smtp_peer(const smtp_peer&) = delete;
    smtp_peer& operator=(const smtp_peer&) = delete;

    std::uint16_t port() const;

    bool from_start = false; // TLS before the greeting
    std::vector<std::string> offers{"STARTTLS", "AUTH PLAIN LOGIN XOAUTH2"};
    // By the command's first word, "greeting" or "." for what follows a letter: each once, in their order.
    std::map<std::string, std::deque<std::string>> says;
    std::chrono::milliseconds thinks_about_letters{0};

    int connections = 0;
    int encrypted = 0;
    std::vector<std::string> heard;   // commands, and answers to challenges
    std::vector<std::string> letters; // as they travelled, without the last dot

    bool has_heard(const std::string& beginning) const;

    // Hangs up on everybody.
    void hang_up();

private:
    struct talk;
    boost::asio::awaitable<void> accept();
    boost::asio::awaitable<void> serve(std::shared_ptr<talk> one);

    boost::asio::io_context& context_;
    net::tls_context tls_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::vector<std::weak_ptr<talk>> talks_;
};

} // namespace hallpass::test
