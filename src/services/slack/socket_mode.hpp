// Slack's callbacks over connections that we open, so that no port is needed (api-messaging 1.7). Slack gives
// each callback to one of the app's connections, whichever process holds it.
#pragma once

#include "base/jitter.hpp"
#include "ports/clock.hpp"
#include "ports/decision_desk.hpp"
#include "ports/log.hpp"
#include "ports/websocket.hpp"
#include "services/slack/api.hpp"
#include "services/slack/review_callbacks.hpp"
#include "services/slack/socket_link.hpp"
#include "services/slack/socket_messages.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::services::slack {

// All of it outlives the connections.
struct socket_surroundings {
    ports::websocket_client& sockets;
    api& slack;
    ports::clock& time;
    ports::log& out;
    ports::decision_desk& desk;
    review_callbacks& callbacks;
    std::function<bool(const std::string& app)> is_own_app; // of the app that a connection belongs to
};

// It outlives what the desk runs for it.
class socket_mode {
public:
    explicit socket_mode(socket_surroundings around);

    // Asks the desk for two connections, so that one is there while the other is opened anew.
    void listen();

private:
    using link = std::shared_ptr<socket_link>;

    // How a connection ended.
    struct ending {
        fault why;
        bool moved = false; // Slack wants another one in its place
        bool was_open = false;
        instant opened_at{};
    };

    boost::asio::awaitable<void> hold_connection();
    boost::asio::awaitable<void> connect_for_ever();
    boost::asio::awaitable<ending> serve_one();
    boost::asio::awaitable<ending> read(link from, instant until);
    boost::asio::awaitable<void> drain(link from);
    boost::asio::awaitable<void> hang_up(link from);
    boost::asio::awaitable<void>
    answer(std::unique_ptr<socket_visit> mine, std::shared_ptr<delivery> kept, socket_envelope envelope);

    // The parting where it is one.
    std::optional<socket_parting> take_message(const link& from, std::string_view text);
    void take(const link& from, socket_envelope envelope);
    void stop_taking();
    void forget(const link& ended);
    void acknowledge(socket_link& to, std::string text);
    std::chrono::milliseconds pause_after(const ending& ended, std::chrono::milliseconds& previous);
    void report(const ending& ended, std::chrono::milliseconds pause);

    socket_surroundings around_;
    jitter jitter_;
    std::vector<link> links_; // that are open
    delivery_book deliveries_;
    std::string last_refusal_; // logged once
    bool stopping_ = false;
};

} // namespace hallpass::services::slack
