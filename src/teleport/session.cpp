#include "teleport/session.hpp"

#include "teleport/http2_preface.hpp"
#include "teleport/status_map.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <grpcpp/create_channel_posix.h>
#include <grpcpp/support/channel_arguments.h>

#include <cerrno>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace hallpass::teleport {

using inner_socket = boost::asio::local::stream_protocol::socket;

namespace {

constexpr std::size_t pump_buffer_bytes = std::size_t{32} * 1024;
// How long a refusal may take to arrive after writing has failed.
constexpr std::chrono::milliseconds last_words_limit{500};

// The reference client's keep-alive (teleport-wire 2), well above the minimum that servers demand.
grpc::ChannelArguments channel_arguments() {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 60'000);
    arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
    arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
    // A window that holds a burst of events, instead of pings that measure how large it should be.
    arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
    arguments.SetInt(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, 1024 * 1024);
    // A listing of plugin data is one message: a kilobyte for each request of the last days.
    arguments.SetMaxReceiveMessageSize(64 * 1024 * 1024);
    // Whether a call may be repeated is the caller's to know.
    arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
    return arguments;
}

std::span<const std::byte> first(const std::vector<std::byte>& buffer, std::size_t size) {
    return std::span<const std::byte>(buffer).first(size);
}

} // namespace

result<std::shared_ptr<session>> session::start(
    boost::asio::io_context& context,
    completion_pump& pump,
    std::unique_ptr<transport::byte_stream> network,
    std::string peer
) {
    int ends[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0) {
        return fault(fault_kind::transient, "socketpair: " + std::generic_category().message(errno));
    }
    inner_socket inner(context, boost::asio::local::stream_protocol(), ends[0]);
    std::shared_ptr<session> made(
        new session(context, pump, std::move(network), std::move(inner), ends[1], std::move(peer))
    );
    made->start_pumping();
    return made;
}

session::session(
    boost::asio::io_context& context,
    completion_pump& pump,
    std::unique_ptr<transport::byte_stream> network,
    inner_socket inner,
    int grpc_descriptor,
    std::string peer
)
    : pump_(pump),
      network_(std::move(network)),
      inner_(std::move(inner)),
      last_words_(context),
      peer_(std::move(peer)),
      calls_(context.get_executor()),
      pumps_(context.get_executor()) {
    // The channel owns the descriptor from here on.
    const std::shared_ptr<grpc::Channel> channel =
        grpc::CreateCustomInsecureChannelFromFd(peer_, grpc_descriptor, channel_arguments());
    auth_ = proto::AuthService::NewStub(channel);
    users_ = ::teleport::users::v1::UsersService::NewStub(channel);
}

session::~session() = default;

void session::start_pumping() {
    const auto over = [self = shared_from_this(), running = std::make_shared<in_flight::token>(pumps_
                                                  )](const std::exception_ptr& error) {
        if (error) {
            self->end(fault(fault_kind::bug, "the byte pump of " + self->peer_ + " failed"));
        }
    };
    boost::asio::co_spawn(inner_.get_executor(), pump_to_network(), over);
    boost::asio::co_spawn(inner_.get_executor(), pump_from_network(), over);
}

boost::asio::awaitable<void> session::pump_to_network() {
    std::vector<std::byte> buffer(pump_buffer_bytes);
    while (!ended_) {
        const boost::asio::mutable_buffer into(buffer.data(), buffer.size());
        const auto [error, size] =
            co_await inner_.async_read_some(into, boost::asio::as_tuple(boost::asio::use_awaitable));
        if (error) {
            if (!ended_) {
                closed_by_grpc_ = true;
                end(fault(
                    fault_kind::transient, "the connection to " + peer_ +
                                               " was given up: it spoke no valid "
                                               "HTTP/2, said goodbye or no longer answered"
                ));
            }
            co_return;
        }
        const std::span<const std::byte> read = first(buffer, size);
        const result<void> written = co_await network_->write(read);
        if (!written) {
            // The reason, such as a refused certificate, may still be waiting to be read.
            last_words_.expires_after(last_words_limit);
            co_await last_words_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
            end(written.error());
            co_return;
        }
    }
}

boost::asio::awaitable<void> session::pump_from_network() {
    std::vector<std::byte> buffer(pump_buffer_bytes);
    http2_preface preface;
    while (!ended_) {
        const result<std::size_t> size = co_await network_->read_some(buffer);
        if (!size) {
            end(size.error());
            co_return;
        }
        if (!preface.accepts(first(buffer, *size))) {
            end(fault(
                fault_kind::malformed, "what " + peer_ +
                                           " sends is no HTTP/2, so it is no Auth Service; "
                                           "check teleport.addr"
            ));
            co_return;
        }
        const boost::asio::const_buffer read(buffer.data(), *size);
        const auto [error, written] = co_await boost::asio::async_write(
            inner_, read, boost::asio::as_tuple(boost::asio::use_awaitable)
        );
        if (error) {
            // The other pump meets the same end, and knows what it means.
            co_return;
        }
    }
}

void session::end(fault reason) noexcept {
    if (ended_) {
        return;
    }
    ended_.emplace(std::move(reason));
    network_->close();
    boost::system::error_code ignored; // closing fails only where it is closed already
    inner_.close(ignored);
    last_words_.cancel();
}

fault session::explain(const grpc::Status& status, std::string_view call) const {
    const bool by_connection = ended_ && !closed_by_grpc_ &&
                               (status.error_code() == grpc::StatusCode::UNAVAILABLE ||
                                status.error_code() == grpc::StatusCode::CANCELLED ||
                                status.error_code() == grpc::StatusCode::UNKNOWN);
    if (!by_connection) {
        return to_fault(status, call, peer_);
    }
    fault why = ended_->in(call);
    why.set_uncertain(true);
    return why;
}

boost::asio::awaitable<bool> session::calls_over(std::chrono::milliseconds limit) {
    return calls_.none(limit);
}

boost::asio::awaitable<void> session::stopped() {
    constexpr std::chrono::hours without_limit{24};
    co_await pumps_.none(without_limit);
}

} // namespace hallpass::teleport
