// Which logins a requested role would give to the person who asked for it.
#pragma once

#include "ports/clock.hpp"
#include "teleport/enrich/expiring_cache.hpp"
#include "teleport/enrich/login_template.hpp"
#include "teleport/enrich/refusals.hpp"
#include "teleport/enrich/single_flight.hpp"

#include <boost/asio/awaitable.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hallpass::teleport {
class session;
}

namespace hallpass::teleport::enrich {

class role_logins {
public:
    role_logins(boost::asio::any_io_executor executor, ports::clock& time, refusals& refused);

    // role -> logins, for the roles that have any. What can't be had in time is left out.
    boost::asio::awaitable<std::map<std::string, std::vector<std::string>>> look_up(
        std::shared_ptr<session> on,
        std::string user,
        std::vector<std::string> roles,
        std::chrono::steady_clock::time_point until
    );

private:
    using time_point = std::chrono::steady_clock::time_point;

    boost::asio::awaitable<std::optional<std::vector<std::string>>>
    logins_of(std::shared_ptr<session> on, std::string role, time_point until);
    boost::asio::awaitable<void>
    ask_for_role(std::shared_ptr<session> on, std::string role, time_point until);
    boost::asio::awaitable<std::optional<traits>>
    traits_of(std::shared_ptr<session> on, std::string user, time_point until);
    boost::asio::awaitable<void>
    ask_for_user(std::shared_ptr<session> on, std::string user, time_point until);

    ports::clock& time_;
    refusals& refused_;
    single_flight asking_;
    expiring_cache<std::vector<std::string>> roles_;
    expiring_cache<traits> users_;
};

} // namespace hallpass::teleport::enrich
