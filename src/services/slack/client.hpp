// Slack as a service.
#pragma once

#include "ports/service.hpp"
#include "ports/service_kind.hpp"
#include "services/slack/api.hpp"
#include "services/slack/config.hpp"
#include "services/slack/directory.hpp"
#include "services/slack/history.hpp"
#include "services/slack/review_callbacks.hpp"
#include "services/slack/socket_mode.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hallpass::services::slack {

// Addresses are ids of users (U…) and channels (C…), or names of channels without "#".
class slack_service final : public ports::service {
public:
    slack_service(slack_config config, ports::service_environment environment);

    std::string_view name() const noexcept override { return "slack"; }

    boost::asio::awaitable<result<std::string>> check() override;
    boost::asio::awaitable<result<access::address>> resolve(std::string recipient) override;
    boost::asio::awaitable<result<std::optional<access::address>>> resolve_requester(std::string teleport_user
    ) override;
    boost::asio::awaitable<result<access::message_ref>>
    post(access::address to, access::card shown, access::delivery_key key) override;
    boost::asio::awaitable<result<void>> update(access::message_ref message, access::card shown) override;
    boost::asio::awaitable<result<access::message_ref>> reply(
        access::message_ref message, access::card shown, std::size_t index, access::delivery_key key
    ) override;
    boost::asio::awaitable<result<access::message_ref>>
    tell_outcome(access::message_ref message, access::card shown, access::delivery_key key) override;
    boost::asio::awaitable<result<std::optional<access::message_ref>>>
    find(access::address to, access::message_ref thread, access::delivery_key key, instant since) override;
    std::vector<ports::callback_route> take_decisions(ports::decision_desk& desk) override;

private:
    boost::asio::awaitable<result<boost::json::object>>
    read_identity(std::chrono::milliseconds deadline = usual_deadline);
    boost::asio::awaitable<own_place> find_self();
    boost::asio::awaitable<void> learn_app();
    bool is_own_app(const std::string& app);
    boost::asio::awaitable<result<access::message_ref>>
    send(std::string conversation, boost::json::object message);

    ports::log& out_;
    ports::clock& time_;
    ports::websocket_client* sockets_;
    secret signing_secret_; // before api_, which needs no copy of it
    api api_;
    directory directory_;
    history history_;
    std::optional<identity> me_;
    std::string app_;                             // "" while it isn't known
    std::unique_ptr<review_callbacks> callbacks_; // null where nothing is decided from Slack
    std::unique_ptr<socket_mode> connections_;    // null where it comes over HTTPS alone
};

} // namespace hallpass::services::slack
