#include "sandbox/email/smtp_server.hpp"

#include "sandbox/email/smtp_talk.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <list>
#include <utility>

namespace hallpass::sandbox {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr std::size_t longest_command = 12 * 1024; // access tokens are long
constexpr std::size_t longest_letter = std::size_t{1024} * 1024;

// A connection, plain at first or encrypted later.
class smtp_wire {
public:
    explicit smtp_wire(tcp::socket socket) : plain_(std::move(socket)) {}

    asio::awaitable<bool> encrypt(net::tls_context context) {
        if (!held_.empty()) {
            co_return false; // said in clear, to be taken for encrypted
        }
        secured_ = net::make_server_tls_stream(std::move(plain_), context);
        const boost::system::error_code error = co_await secured_->handshake();
        co_return !error;
    }

    // Up to and without `end`. False where the client has gone, or says more than it may.
    asio::awaitable<bool> read_to(std::string end, std::size_t at_most, std::string& into) {
        std::size_t at = held_.find(end);
        while (at == std::string::npos && held_.size() <= at_most) {
            const bool more = co_await read_some();
            if (!more) {
                co_return false;
            }
            at = held_.find(end);
        }
        if (at == std::string::npos) {
            co_return false;
        }
        into = held_.substr(0, at);
        held_.erase(0, at + end.size());
        co_return true;
    }

    asio::awaitable<bool> say(std::string text) {
        text += "\r\n";
        if (secured_) {
            const auto [error, count] = co_await secured_->write(text);
            co_return !error;
        }
        const auto [error, count] =
            co_await asio::async_write(plain_, asio::buffer(text), asio::as_tuple(asio::use_awaitable));
        co_return !error;
    }

    void end() {
        if (secured_) {
            secured_->abort();
        }
        boost::system::error_code ignored;
        plain_.close(ignored);
    }

private:
    asio::awaitable<bool> read_some() {
        std::array<char, 8192> bytes{};
        if (secured_) {
            const auto [error, count] = co_await secured_->read_some(bytes);
            held_.append(bytes.data(), count);
            co_return !error;
        }
        const auto [error, count] =
            co_await plain_.async_read_some(asio::buffer(bytes), asio::as_tuple(asio::use_awaitable));
        held_.append(bytes.data(), count);
        co_return !error;
    }

    tcp::socket plain_;
    std::unique_ptr<net::tls_stream> secured_;
    std::string held_;
};

} // namespace

struct smtp_server::state {
    state(asio::any_io_executor executor_, mail_state& mail_, net::tls_context tls_, bool from_start_)
        : executor(executor_),
          mail(mail_),
          tls(std::move(tls_)),
          from_start(from_start_),
          acceptor(executor_),
          all_gone(executor_) {}

    asio::any_io_executor executor;
    mail_state& mail;
    net::tls_context tls;
    bool from_start;
    tcp::acceptor acceptor;
    asio::steady_timer all_gone;
    std::list<std::shared_ptr<smtp_wire>> open;
    std::size_t running = 0;
};

namespace {

template <class State>
asio::awaitable<void> serve(std::shared_ptr<State> own, std::shared_ptr<smtp_wire> wire) {
    if (own->from_start) {
        const bool shaken = co_await wire->encrypt(own->tls);
        if (!shaken) {
            co_return;
        }
    }
    smtp_talk talk(own->mail, own->from_start);
    smtp_talk::reply reply = talk.greet();
    while (true) {
        if (!reply.text.empty()) {
            const bool said = co_await wire->say(reply.text);
            if (!said) {
                co_return;
            }
        }
        if (reply.next == smtp_talk::then::hang_up) {
            co_return;
        }
        if (reply.next == smtp_talk::then::encrypt) {
            const bool shaken = co_await wire->encrypt(own->tls);
            if (!shaken) {
                co_return;
            }
            talk.encrypted();
        }
        const bool takes_letter = reply.next == smtp_talk::then::take_letter;
        std::string words;
        const bool read = co_await wire->read_to(
            takes_letter ? "\r\n.\r\n" : "\r\n", takes_letter ? longest_letter : longest_command, words
        );
        if (!read) {
            co_return;
        }
        reply = takes_letter ? talk.take(words + "\r\n") : talk.answer(words);
    }
}

template <class State>
asio::awaitable<void> serve_and_end(std::shared_ptr<State> own, std::shared_ptr<smtp_wire> wire) {
    co_await serve(own, wire);
    wire->end();
    own->open.remove(wire);
}

template <class State>
void ended(State& own) {
    if (--own.running == 0) {
        own.all_gone.cancel();
    }
}

template <class State>
asio::awaitable<void> accept(std::shared_ptr<State> own) {
    while (own->acceptor.is_open()) {
        auto [error, socket] = co_await own->acceptor.async_accept(asio::as_tuple(asio::use_awaitable));
        if (error) {
            continue;
        }
        boost::system::error_code ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        auto wire = std::make_shared<smtp_wire>(std::move(socket));
        own->open.push_back(wire);
        ++own->running;
        asio::co_spawn(own->executor, serve_and_end(own, wire), [own](std::exception_ptr) { ended(*own); });
    }
}

} // namespace

smtp_server::smtp_server(std::shared_ptr<state> own) : state_(std::move(own)) {}

smtp_server::~smtp_server() {
    boost::system::error_code ignored;
    state_->acceptor.close(ignored);
}

result<std::unique_ptr<smtp_server>>
smtp_server::listen(asio::any_io_executor executor, mail_state& mail, net::tls_context tls, bool from_start) {
    auto own = std::make_shared<state>(std::move(executor), mail, std::move(tls), from_start);
    boost::system::error_code error;
    const tcp::endpoint at(asio::ip::address_v4::loopback(), 0);
    own->acceptor.open(at.protocol(), error);
    if (!error) {
        own->acceptor.bind(at, error);
    }
    if (!error) {
        own->acceptor.listen(asio::socket_base::max_listen_connections, error);
    }
    if (error) {
        return fault(fault_kind::permanent, "the mail server can't listen: " + error.message());
    }
    ++own->running;
    asio::co_spawn(own->executor, accept(own), [own](std::exception_ptr) { ended(*own); });
    return std::unique_ptr<smtp_server>(new smtp_server(std::move(own)));
}

unsigned short smtp_server::port() const noexcept {
    boost::system::error_code ignored;
    return state_->acceptor.local_endpoint(ignored).port();
}

asio::awaitable<void> smtp_server::close() {
    const std::shared_ptr<state> own = state_;
    boost::system::error_code ignored;
    own->acceptor.close(ignored);
    for (const auto& wire : own->open) {
        wire->end();
    }
    while (own->running > 0) {
        own->all_gone.expires_at(asio::steady_timer::time_point::max());
        co_await own->all_gone.async_wait(asio::as_tuple(asio::use_awaitable));
    }
}

} // namespace hallpass::sandbox
