// Discord's interactions over a connection that we open, so that no port is needed (api-messaging 2.4).
#pragma once

#include "base/jitter.hpp"
#include "base/result.hpp"
#include "ports/clock.hpp"
#include "ports/log.hpp"
#include "ports/websocket.hpp"
#include "services/discord/api.hpp"
#include "services/discord/gateway_interactions.hpp"
#include "services/discord/gateway_session.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace hallpass::services::discord {

// How often a session may be begun today: going over it makes Discord reset the bot's token.
struct gateway_limit {
    std::int64_t total = 0;
    std::int64_t remaining = 0;
    std::chrono::milliseconds reset_after{0};
};

struct gateway_info {
    std::string address;
    gateway_limit limit;
};

boost::asio::awaitable<result<gateway_info>> ask_for_gateway(api& discord, std::string api_url);

// All of it outlives the connection.
struct gateway_surroundings {
    ports::websocket_client& sockets;
    api& discord;
    std::string api_url;
    ports::clock& time;
    ports::log& out;
    gateway_interactions& interactions;
};

class gateway {
public:
    gateway(gateway_surroundings around, secret token, std::uint_fast32_t seed);

    // Until it is cancelled.
    boost::asio::awaitable<void> run();

private:
    // Each ends with how long to wait before the next connection.
    boost::asio::awaitable<std::chrono::milliseconds> connect_once();
    boost::asio::awaitable<std::chrono::milliseconds> converse(ports::websocket& with);

    // For a session that can't be resumed.
    boost::asio::awaitable<result<std::string>> wait_for_turn();
    void count_identify();
    // True where the connection is to be left.
    bool carry_out(gateway_step& step, ports::websocket& with);

    std::chrono::milliseconds after_failure(const fault& failed); // of asking where it is
    std::chrono::milliseconds after_trouble(const fault& failed); // of connecting
    std::chrono::milliseconds after_end(const fault& ended, std::optional<int> code);
    std::chrono::milliseconds next_pause();
    void tell_once(ports::severity level, std::string_view event, std::string error, std::string mend);

    gateway_surroundings around_;
    gateway_session session_;
    jitter chance_;
    std::unique_ptr<ports::alarm> pause_;
    std::chrono::milliseconds backoff_{0};
    std::optional<instant> identified_at_;
    std::chrono::milliseconds between_identifies_{0};
    std::optional<instant> settled_at_; // of the connection
    std::string told_;                  // what the log says already
};

} // namespace hallpass::services::discord
