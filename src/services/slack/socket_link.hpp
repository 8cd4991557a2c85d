// One open connection of Socket Mode, and what has been taken from it.
#pragma once

#include "base/result.hpp"
#include "ports/clock.hpp"
#include "ports/websocket.hpp"
#include "services/slack/api.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace hallpass::services::slack {

struct socket_link {
    explicit socket_link(ports::clock& time) : answered(time.make_alarm()) {}

    std::unique_ptr<ports::websocket> socket;
    std::string app;                        // that it belongs to; "" where Slack doesn't say
    std::size_t connections = 0;            // of the app, this one included
    std::size_t under_way = 0;              // envelopes that aren't answered yet
    std::unique_ptr<ports::alarm> answered; // when none is under way any more
    bool hanging_up = false;
};

// Keeps a link open for as long as an envelope of it is being handled.
class socket_visit {
public:
    explicit socket_visit(std::shared_ptr<socket_link> from);
    socket_visit(const socket_visit&) = delete;
    socket_visit& operator=(const socket_visit&) = delete;
    ~socket_visit();

private:
    std::shared_ptr<socket_link> from_;
};

// Asks for an address, opens it, and waits for Slack's greeting. A refusal (is_refusal) is for the operator
// to mend; anything else may work in a moment.
boost::asio::awaitable<result<std::shared_ptr<socket_link>>>
open_link(ports::websocket_client& sockets, api& slack, ports::clock& time);

// Slack has Socket Mode switched off: what to do.
fault socket_mode_disabled();

// One envelope, however often Slack sends it.
struct delivery {
    std::string id;
    std::weak_ptr<socket_link> link;   // that brought it last
    std::optional<std::string> answer; // once it is known
};

// The newest ones.
class delivery_book {
public:
    explicit delivery_book(std::size_t capacity) : capacity_(capacity) {}

    // The one of that id, and whether it is new.
    std::pair<std::shared_ptr<delivery>, bool> enter(const std::string& id);

private:
    std::size_t capacity_;
    std::deque<std::shared_ptr<delivery>> kept_;
};

} // namespace hallpass::services::slack
