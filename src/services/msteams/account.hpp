// What the tenant says of the account of a person who decides (api-messaging 4.6).
#pragma once

#include "access/decision.hpp"
#include "ports/log.hpp"
#include "services/msteams/activity.hpp"
#include "services/msteams/directory.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <optional>
#include <string>

namespace hallpass::services::msteams {

// Of Graph's user, for the object id. What isn't said gives no power; nothing where it is somebody else's.
// The e-mail is the user principal name, which only an administrator sets, within the tenant's own domains;
// the mail attribute can be anybody's.
std::optional<access::account_facts>
read_facts(const boost::json::object& user, const std::string& object_id);

// Without facts where Graph doesn't give them, which is logged. Somebody of another tenant is foreign, and
// not asked for.
boost::asio::awaitable<access::account>
find_account(directory& tenant, ports::log& out, person_acting who, std::string own_tenant);

} // namespace hallpass::services::msteams
