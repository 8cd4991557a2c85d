// What Slack says of the account of a person who decides (api-messaging 1.8).
#pragma once

#include "access/decision.hpp"
#include "services/slack/api.hpp"
#include "services/slack/interaction.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <optional>
#include <string>

namespace hallpass::services::slack {

// Of users.info's "user", for who clicked in `own_team`. What isn't said gives no power; nothing where it is
// somebody else's.
std::optional<access::account_facts>
read_facts(const boost::json::object& user, const actor& who, const std::string& own_team);

// Without facts where Slack doesn't give them, which is logged.
boost::asio::awaitable<access::account>
find_account(api& slack, ports::log& out, actor who, std::string own_team);

} // namespace hallpass::services::slack
