// Whether a requester is on call for what a request names (upstream-ticketing 2.5).
#pragma once

#include "access/access_request.hpp"
#include "access/decision.hpp"
#include "access/identity.hpp"
#include "ports/clock.hpp"
#include "ports/log.hpp"
#include "services/pagerduty/directory.hpp"

#include <boost/asio/awaitable.hpp>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace hallpass::services::pagerduty {

// What somebody must be on call for: ids, and what to call them.
struct on_call_targets {
    std::map<std::string, std::string> policies; // "service Checkout"
    std::map<std::string, std::string> schedules;

    bool empty() const noexcept { return policies.empty() && schedules.empty(); }
};

// What it is made with outlives it.
class on_call_finder {
public:
    on_call_finder(
        api& pagerduty,
        directory& names,
        ports::clock& time,
        ports::log& out,
        on_call_config config,
        std::string annotation,
        const access::people* people
    );

    bool enabled() const noexcept { return config_.enabled; }

    // Asks PagerDuty anew each time. The reason, or nothing; every fault is one, and no answer.
    boost::asio::awaitable<result<std::optional<std::string>>> find(access::access_request request);

private:
    boost::asio::awaitable<result<on_call_targets>> targets_of(std::vector<std::string> annotated);
    boost::asio::awaitable<result<void>> add_services(std::vector<std::string> names, on_call_targets& to);
    boost::asio::awaitable<result<void>>
    add_named(std::string kind, std::vector<std::string> names, std::map<std::string, std::string>& to);
    boost::asio::awaitable<result<std::set<std::string>>> accounts_of(std::string teleport_user);
    boost::asio::awaitable<result<std::set<std::string>>>
    places(std::string filter, std::map<std::string, std::string> wanted, std::set<std::string> users);
    bool counts(
        const boost::json::object& entry,
        const std::string& filter,
        const std::map<std::string, std::string>& wanted,
        const std::set<std::string>& users
    ) const;

    api& api_;
    directory& directory_;
    ports::clock& time_;
    ports::log& out_;
    on_call_config config_;
    std::string annotation_;
    const access::people* people_;
};

} // namespace hallpass::services::pagerduty
