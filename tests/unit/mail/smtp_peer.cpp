#include "smtp_peer.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace hallpass::test {

namespace asio = boost::asio;
using asio::ip::tcp;

struct smtp_peer::talk {
    explicit talk(tcp::socket made) : socket(std::move(made)) {}

    asio::awaitable<bool> encrypt(const net::tls_context& context) {
        secured = net::make_server_tls_stream(std::move(socket), context);
        const boost::system::error_code error = co_await secured->handshake();
        co_return !error;
    }

    asio::awaitable<bool> read_some() {
        std::array<char, 4096> bytes{};
        if (secured) {
            const auto [error, count] = co_await secured->read_some(bytes);
            held.append(bytes.data(), count);
            co_return !error;
        }
        const auto [error, count] =
            co_await socket.async_read_some(asio::buffer(bytes), asio::as_tuple(asio::use_awaitable));
        held.append(bytes.data(), count);
        co_return !error;
    }

    // Up to and without `end`; false where the client has gone.
    asio::awaitable<bool> read_to(std::string end, std::string& into) {
        std::size_t at = held.find(end);
        while (at == std::string::npos) {
            const bool more = co_await read_some();
            if (!more) {
                co_return false;
            }
            at = held.find(end);
        }
        into = held.substr(0, at);
        held.erase(0, at + end.size());
        co_return true;
    }

    asio::awaitable<void> say(std::string text) {
        text += "\r\n";
        if (secured) {
            co_await secured->write(text);
        } else {
            co_await asio::async_write(socket, asio::buffer(text), asio::as_tuple(asio::use_awaitable));
        }
    }

    void end() {
        if (secured) {
            secured->abort();
        }
        boost::system::error_code ignored;
        socket.close(ignored);
    }

    tcp::socket socket;
    std::unique_ptr<net::tls_stream> secured;
    std::string held;
};

smtp_peer::smtp_peer(asio::io_context& context, net::tls_context tls)
    : context_(context),
      tls_(std::move(tls)),
      acceptor_(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {
    asio::co_spawn(context, accept(), asio::detached);
}

smtp_peer::~smtp_peer() {
    acceptor_.close();
    hang_up();
    context_.restart();
    context_.poll();
}

std::uint16_t smtp_peer::port() const {
    return acceptor_.local_endpoint().port();
}

bool smtp_peer::has_heard(const std::string& beginning) const {
    return std::any_of(heard.begin(), heard.end(), [&](const std::string& one) {
        return one.starts_with(beginning);
    });
}

void smtp_peer::hang_up() {
    for (const auto& one : talks_) {
        if (const auto open = one.lock()) {
            open->end();
        }
    }
}

asio::awaitable<void> smtp_peer::accept() {
    while (true) {
        auto [error, socket] = co_await acceptor_.async_accept(asio::as_tuple(asio::use_awaitable));
        if (error) {
            co_return;
        }
        ++connections;
        auto one = std::make_shared<talk>(std::move(socket));
        talks_.push_back(one);
        asio::co_spawn(context_, serve(one), asio::detached);
    }
}

asio::awaitable<void> smtp_peer::serve(std::shared_ptr<talk> one) {
    const auto next = [this](const std::string& word, std::string otherwise) {
        auto& script = says[word];
        if (!script.empty()) {
            otherwise = std::move(script.front());
            script.pop_front();
        }
        return otherwise;
    };
    if (from_start) {
        const bool shaken = co_await one->encrypt(tls_);
        if (!shaken) {
            co_return;
        }
        ++encrypted;
    }
    std::string word = "greeting";
    std::string reply = next(word, "220 mail.test ESMTP");
    bool open = true;
    while (open) {
        if (reply == hangs_up) {
            one->end();
            co_return;
        }
        if (reply != says_nothing) {
            co_await one->say(reply);
        }
        if (word == "STARTTLS" && reply.starts_with("220")) {
            const bool shaken = co_await one->encrypt(tls_);
            if (!shaken) {
                co_return;
            }
            ++encrypted;
        }
        std::string line;
        if (word == "DATA" && reply.starts_with("354")) {
            open = co_await one->read_to("\r\n.\r\n", line);
            if (!open) {
                co_return;
            }
            letters.push_back(line + "\r\n");
            asio::steady_timer thinking(context_, thinks_about_letters);
            co_await thinking.async_wait(asio::as_tuple(asio::use_awaitable));
            word = ".";
            reply = next(word, "250 2.0.0 queued");
            continue;
        }
        open = co_await one->read_to("\r\n", line);
        if (!open) {
            co_return;
        }
        heard.push_back(line);
        const bool answers_challenge = reply.starts_with("334");
        word = answers_challenge ? "challenge" : line.substr(0, line.find(' '));
        std::string usual = "250 2.0.0 ok";
        if (word == "EHLO") {
            usual.clear();
            for (const std::string& offer : offers) {
                usual += one->secured && offer == "STARTTLS" ? "" : "250-" + offer + "\r\n";
            }
            usual += "250 8BITMIME";
        } else if (word == "STARTTLS") {
            usual = "220 go ahead";
        } else if (word == "AUTH") {
            usual = line.find(' ', 5) == std::string::npos ? "334 " : "235 2.7.0 welcome";
        } else if (word == "challenge") {
            const bool first = heard.size() >= 2 && heard[heard.size() - 2].starts_with("AUTH LOGIN");
            usual = first ? "334 " : "235 2.7.0 welcome";
        } else if (word == "DATA") {
            usual = "354 go on";
        } else if (word == "QUIT") {
            usual = "221 goodbye";
        }
        reply = next(word, usual);
    }
}

} // namespace hallpass::test
