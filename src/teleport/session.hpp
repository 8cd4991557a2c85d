// One connection to the Auth Service: gRPC on one end of a socket pair, and between the other end and the
// network a pump of bytes. When either side ends, everything in the session ends.
#pragma once

#include "base/result.hpp"
#include "teleport/authservice.grpc.pb.h"
#include "teleport/completion_pump.hpp"
#include "teleport/in_flight.hpp"
#include "teleport/transport/byte_stream.hpp"
#include "teleport/users_service.grpc.pb.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <grpcpp/support/status.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hallpass::teleport {

class session : public std::enable_shared_from_this<session> {
public:
    // Starts pumping at once. `peer` is "host:port", for texts. Transient where the system has no
    // descriptors.
    static result<std::shared_ptr<session>> start(
        boost::asio::io_context& context,
        completion_pump& pump,
        std::unique_ptr<transport::byte_stream> network,
        std::string peer
    );
    ~session();
    session(const session&) = delete;
    session& operator=(const session&) = delete;

    proto::AuthService::Stub& auth() noexcept { return *auth_; }

    ::teleport::users::v1::UsersService::Stub& users() noexcept { return *users_; }

    grpc::CompletionQueue* queue() noexcept { return &pump_.queue(); }

    const std::string& peer() const noexcept { return peer_; }

    // The cluster's name, once Ping has told it.
    const std::string& cluster() const noexcept { return cluster_; }

    void set_cluster(std::string name) { cluster_ = std::move(name); }

    // Calls hold a token of this while they run.
    const in_flight& calls() const noexcept { return calls_; }

    // Ends the session; only the first reason counts. Calls under way fail with it.
    void end(fault reason) noexcept;

    const std::optional<fault>& ended() const noexcept { return ended_; }

    // What a status other than OK means, given how the session stands.
    fault explain(const grpc::Status& status, std::string_view call) const;

    // Waits until no call is under way, at most so long.
    boost::asio::awaitable<bool> calls_over(std::chrono::milliseconds limit);
    // After end(): waits until the pump of bytes has stopped.
    boost::asio::awaitable<void> stopped();

private:
    session(
        boost::asio::io_context& context,
        completion_pump& pump,
        std::unique_ptr<transport::byte_stream> network,
        boost::asio::local::stream_protocol::socket inner,
        int grpc_descriptor,
        std::string peer
    );

    void start_pumping();
    boost::asio::awaitable<void> pump_to_network();
    boost::asio::awaitable<void> pump_from_network();

    completion_pump& pump_;
    std::unique_ptr<transport::byte_stream> network_;
    boost::asio::local::stream_protocol::socket inner_;
    boost::asio::steady_timer last_words_;
    std::string peer_;
    std::string cluster_;
    std::unique_ptr<proto::AuthService::Stub> auth_;
    std::unique_ptr<::teleport::users::v1::UsersService::Stub> users_;
    in_flight calls_;
    in_flight pumps_;
    std::optional<fault> ended_;
    bool closed_by_grpc_ = false;
};

} // namespace hallpass::teleport
