// What Mattermost says of the account of a person who decides (api-messaging 3.5).
#pragma once

#include "access/decision.hpp"
#include "ports/log.hpp"
#include "services/mattermost/api.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <optional>
#include <string>

namespace hallpass::services::mattermost {

// Of the answer of users/{id}. What isn't said gives no power; nothing where it is somebody else's.
// `is_member`: of the team whose channel it was decided in.
std::optional<access::account_facts>
read_facts(const boost::json::object& user, const std::string& id, bool is_member);

// As of now, of who decided in that channel. Without facts where Mattermost doesn't give them, which is
// logged.
boost::asio::awaitable<access::account>
find_account(api& mattermost, ports::log& out, std::string user, std::string channel);

} // namespace hallpass::services::mattermost
