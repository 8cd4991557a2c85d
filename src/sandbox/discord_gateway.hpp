// The simulated Discord's Gateway (api-messaging 2.4): sessions, the events that each has still to get, and
// the connections that come and go.
#pragma once

#include "ports/log.hpp"
#include "ports/websocket.hpp"
#include "sandbox/discord_types.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hallpass::sandbox {

// On the io_context's thread.
class discord_gateway {
public:
    // `out` outlives it, and it outlives what runs in the io_context.
    discord_gateway(boost::asio::any_io_executor executor, discord_bot bot, ports::log& out);

    // What GET /gateway/bot tells whoever has reached us at this host and port.
    boost::json::object address(const std::string& host) const;
    // Serves whoever has opened it there.
    void accept(std::unique_ptr<ports::websocket> socket, const std::string& host);

    bool has_sessions() const noexcept { return !sessions_.empty(); }

    // An INTERACTION_CREATE for every session, also for those whose connection is gone and that may come
    // back.
    void tell(const boost::json::object& interaction);

    // Commands: what is done to all connections.
    void ask_to_reconnect();
    void end_sessions(bool resumable);
    void close_all(int code);
    // Ends every connection without a word.
    void cut();

    // From now on: 0 takes them again.
    void refuse_identifies_with(int code) { refuses_with_ = code; }

    void stop_acks(bool stopped) { acks_stopped_ = stopped; }

    void set_heartbeat(std::int64_t milliseconds) { heartbeat_ = milliseconds; }

    void set_remaining(std::int64_t remaining, std::int64_t reset_after);

    // Cuts, and takes no further connection.
    void close();
    void reset();

    boost::json::object view() const;

private:
    struct connection {
        std::unique_ptr<ports::websocket> socket; // null once it has been cut
        std::string host;
        std::string session; // "" before it has begun or resumed one
    };

    struct session {
        std::int64_t last = 0;
        std::deque<std::pair<std::int64_t, std::string>> events; // with their numbers
        std::weak_ptr<connection> at;
    };

    boost::asio::awaitable<void> serve(std::shared_ptr<connection> mine);
    // The code to close it with; nothing where it stays.
    std::optional<int> take(const std::shared_ptr<connection>& from, const std::string& text);
    std::optional<int> identify(const std::shared_ptr<connection>& from, const boost::json::object& data);
    std::optional<int> resume(const std::shared_ptr<connection>& from, const boost::json::object& data);
    void add_event(session& to, const char* name, boost::json::object data);
    void spawn(boost::asio::awaitable<void> work);
    boost::asio::awaitable<void> close_one(std::shared_ptr<connection> mine, int code);

    boost::asio::any_io_executor executor_;
    discord_bot bot_;
    ports::log& out_;
    std::vector<std::shared_ptr<connection>> connections_;
    std::map<std::string, session> sessions_;
    std::int64_t heartbeat_ = 41'250;
    std::int64_t remaining_ = 1000;
    std::int64_t reset_after_ = 86'400'000;
    std::size_t identifies_ = 0;
    std::size_t resumes_ = 0;
    std::size_t heartbeats_ = 0;
    int refuses_with_ = 0;
    bool acks_stopped_ = false;
    bool closed_ = false;
};

} // namespace hallpass::sandbox
