// Where the callbacks of a service take the decisions that they have verified.
#pragma once

#include "access/card.hpp"
#include "access/review_rules.hpp"
#include "base/result.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>

namespace hallpass::ports {

// A request as of now, and what its approvers are shown of it.
struct shown_request {
    access::access_request request;
    access::card card;
};

// On the io_context thread. Outlives the services that use it.
class decision_desk {
public:
    virtual ~decision_desk() = default;

    virtual const access::review_rules& rules() const noexcept = 0;

    // The request as it is now, before somebody decides; nothing where it is gone.
    virtual boost::asio::awaitable<result<std::optional<shown_request>>> look_up(std::string request_id) = 0;

    // Whether the service has announced the request by the message in this place, as Teleport keeps it: what
    // binds a ticket to its request, where people of the service may change what the ticket says of itself.
    // unsupported where nobody can tell.
    virtual boost::asio::awaitable<result<bool>>
    is_announced_in(std::string service, std::string request_id, std::string conversation);

    // Judges who it is and whether they may, and submits. Answers within 8 s, also where nobody is sure.
    virtual boost::asio::awaitable<access::decision_outcome> decide(access::decision asked) = 0;

    // Work that goes on when its callback has been answered. It ends before the service does.
    virtual void spawn(std::string name, boost::asio::awaitable<void> work) = 0;

    // A connection that brings decisions, for as long as they are taken: it begins when the cluster is
    // watched, and is cancelled where it waits when no more are wanted. What it has spawned goes on.
    virtual void listen(std::string name, boost::asio::awaitable<void> work) = 0;
};

} // namespace hallpass::ports
