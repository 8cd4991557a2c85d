// From the recipients that a request is routed to, to where its service delivers: asked once for each, side
// by side, and again after a failure.
#pragma once

#include "access/ledger.hpp"
#include "access/plan.hpp"
#include "workflow/environment.hpp"

#include <boost/asio/awaitable.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hallpass::workflow {

class recipient_routes {
public:
    // `answered` is woken after each answer, and outlives this object.
    recipient_routes(environment& shared, ports::alarm& answered);
    recipient_routes(const recipient_routes&) = delete;
    recipient_routes& operator=(const recipient_routes&) = delete;
    ~recipient_routes();

    // Asks for every recipient of the request that isn't known yet and is due, and returns at once. Those
    // that can't be had are logged.
    void ask(const access::access_request& request);

    // Answers are outstanding, since then.
    std::optional<instant> asking_since() const;

    const std::vector<access::destination>& destinations() const noexcept;

    // When a recipient that couldn't be resolved will be asked for again.
    std::optional<instant> next_attempt() const;

    // Those that couldn't be resolved, with the reason.
    using recipient = std::pair<access::audience, std::string>;
    std::map<recipient, access::patience> failures() const;

private:
    struct state;

    static boost::asio::awaitable<void>
    resolve_one(std::shared_ptr<state> all, std::string request_id, recipient wanted);

    std::shared_ptr<state> state_; // shared with the questions under way
};

} // namespace hallpass::workflow
