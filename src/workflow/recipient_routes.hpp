// From the recipients that a request is routed to, to where its service delivers: asked once for each, side
// by side, and again after a failure.
#pragma once

#include "access/ledger.hpp"
#include "access/plan.hpp"
#include "workflow/environment.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
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

    // Asks for every recipient of the request that isn't known yet, is due and admitted, and returns at once.
    // Those that can't be had are logged; that the routing itself is odd only while it isn't `warned`.
    using admit_one = std::function<std::optional<admission::pass>()>;
    void ask(const access::access_request& request, const admit_one& admit, bool& warned);

    // Some were not admitted: ask again when admitted.
    bool held_back() const noexcept;

    // An answer is still to come or to be asked for; without it, somebody may not be told.
    bool incomplete() const;

    // Answers are outstanding, since then.
    std::optional<instant> asking_since() const;

    const std::vector<access::destination>& destinations() const noexcept;

    // When a recipient that couldn't be resolved will be asked for again; with those that were refused, or
    // without.
    std::optional<instant> next_attempt(bool refused_too) const;

    // Those that couldn't be resolved, with the reason.
    using recipient = std::pair<access::audience, std::string>;
    std::map<recipient, access::patience> failures() const;

private:
    struct state;

    static boost::asio::awaitable<void> resolve_one(
        std::shared_ptr<state> all, std::string request_id, recipient wanted, admission::pass admitted
    );

    std::shared_ptr<state> state_; // shared with the questions under way
};

} // namespace hallpass::workflow
