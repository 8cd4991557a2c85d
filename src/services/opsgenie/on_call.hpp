// Whether a requester is on call by a schedule (upstream-ticketing 3.3, api-ticketing 3.4, 3.7).
#pragma once

#include "access/access_request.hpp"
#include "access/identity.hpp"
#include "ports/clock.hpp"
#include "ports/log.hpp"
#include "services/opsgenie/api.hpp"

#include <boost/asio/awaitable.hpp>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace hallpass::services::opsgenie {

// What it is made with outlives it.
class on_call_finder {
public:
    on_call_finder(
        api& at, ports::clock& time, ports::log& out, on_call_config config, const access::people* people
    );

    bool enabled() const noexcept { return config_.enabled; }

    // Asks anew each time. The reason, or nothing; every fault is one, and no answer.
    boost::asio::awaitable<result<std::optional<std::string>>> find(access::access_request request);

private:
    // Whom a schedule calls now: e-mails in Opsgenie, ids of accounts in its successor. Nothing where there
    // is no such schedule.
    boost::asio::awaitable<result<std::optional<std::set<std::string>>>> called_by(std::string schedule);
    boost::asio::awaitable<result<std::optional<std::string>>> id_of(std::string schedule);
    boost::asio::awaitable<result<std::set<std::string>>> names_of(std::string teleport_user);
    boost::asio::awaitable<result<bool>>
    is_among(std::set<std::string> called, access::access_request request);
    // "" where nobody may see it.
    boost::asio::awaitable<result<std::string>> email_of_account(std::string account);

    api& api_;
    ports::clock& time_;
    ports::log& out_;
    on_call_config config_;
    const access::people* people_;
};

} // namespace hallpass::services::opsgenie
