#include "teleport/transport/direct_dialler.hpp"

#include "base/text.hpp"
#include "teleport/transport/socket_deadline.hpp"
#include "teleport/transport/tls_context.hpp"
#include "teleport/transport/tls_stream.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace hallpass::teleport::transport {

using boost::asio::ip::tcp;

namespace {

constexpr std::chrono::seconds dial_limit{10};
// One address that swallows packets must not use up the time of the others.
constexpr std::chrono::seconds limit_with_alternatives{3};

std::chrono::milliseconds remaining(std::chrono::steady_clock::time_point limit) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(limit - std::chrono::steady_clock::now());
    return std::max(left, std::chrono::milliseconds(1));
}

fault given_up(const address& at) {
    return fault(fault_kind::cancelled, "the connection to " + to_string(at) + " was given up");
}

// Keeps the pointer by which cancel() finds the socket only while it is valid.
class registered_socket {
public:
    registered_socket(tcp::socket*& place, tcp::socket& socket) : place_(place) { place_ = &socket; }

    ~registered_socket() { place_ = nullptr; }

    registered_socket(const registered_socket&) = delete;
    registered_socket& operator=(const registered_socket&) = delete;

private:
    tcp::socket*& place_;
};

} // namespace

direct_dialler::direct_dialler(boost::asio::any_io_executor executor, address at)
    : executor_(std::move(executor)), at_(std::move(at)), names_(executor_) {}

boost::asio::awaitable<result<std::unique_ptr<byte_stream>>>
direct_dialler::dial(std::shared_ptr<const identity> as) {
    cancelled_ = false;
    const time_point limit = std::chrono::steady_clock::now() + dial_limit;
    result<boost::asio::ssl::context> context = make_tls_context(*as);
    if (!context) {
        co_return context.error();
    }
    auto stream = std::make_unique<tls_stream>(executor_, std::move(*context), to_string(at_), as->source);
    const registered_socket registration(dialling_, stream->socket());
    const result<void> connected = co_await connect(stream->socket(), limit);
    if (!connected) {
        co_return connected.error();
    }
    const result<void> agreed = co_await handshake(*stream, limit);
    if (!agreed) {
        co_return agreed.error();
    }
    co_return std::unique_ptr<byte_stream>(std::move(stream));
}

boost::asio::awaitable<result<void>> direct_dialler::connect(tcp::socket& socket, time_point limit) {
    const std::chrono::milliseconds lookup_limit = remaining(limit);
    const result<std::vector<tcp::endpoint>> found = co_await names_.resolve(at_, lookup_limit);
    if (!found) {
        co_return found.error();
    }
    result<void> outcome = fault(fault_kind::transient, "the name " + at_.host + " has no address");
    for (std::size_t i = 0; i < found->size() && !outcome; ++i) {
        if (cancelled_) {
            co_return given_up(at_);
        }
        const bool last = i + 1 == found->size();
        const time_point until =
            last ? limit : std::min(limit, std::chrono::steady_clock::now() + limit_with_alternatives);
        const tcp::endpoint to = (*found)[i];
        outcome = co_await connect_to(socket, to, until);
    }
    co_return outcome;
}

boost::asio::awaitable<result<void>>
direct_dialler::connect_to(tcp::socket& socket, tcp::endpoint to, time_point limit) {
    boost::system::error_code error;
    socket.close(error);
    socket.open(to.protocol(), error);
    if (!error) {
        socket_deadline deadline(executor_);
        deadline.arm(socket, remaining(limit));
        const auto [failed] =
            co_await socket.async_connect(to, boost::asio::as_tuple(boost::asio::use_awaitable));
        const bool late = deadline.disarm();
        if (cancelled_) {
            co_return given_up(at_);
        }
        if (late) {
            co_return fault(fault_kind::transient, "connecting to " + to_string(at_) + ": no answer in time");
        }
        error = failed;
    }
    if (error) {
        co_return fault(
            fault_kind::transient, "connecting to " + to_string(at_) + ": " + one_line(error.message())
        );
    }
    socket.set_option(tcp::no_delay(true), error);
    co_return result<void>();
}

boost::asio::awaitable<result<void>> direct_dialler::handshake(tls_stream& stream, time_point limit) {
    socket_deadline deadline(executor_);
    deadline.arm(stream.socket(), remaining(limit));
    const result<void> agreed = co_await stream.handshake();
    const bool late = deadline.disarm();
    if (cancelled_) {
        co_return given_up(at_);
    }
    if (late) {
        co_return fault(
            fault_kind::transient,
            "TLS handshake with " + to_string(at_) + ": no answer in time; check that it is an Auth Service"
        );
    }
    co_return agreed;
}

void direct_dialler::cancel() noexcept {
    cancelled_ = true;
    names_.cancel();
    if (dialling_ != nullptr) {
        boost::system::error_code ignored; // closing fails only where it is closed already
        dialling_->close(ignored);
    }
}

} // namespace hallpass::teleport::transport
