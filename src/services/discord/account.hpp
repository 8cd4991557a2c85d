// Whose account an interaction is by, and what Discord says of it in the same breath (api-messaging 2.5).
#pragma once

#include "access/decision.hpp"

#include <boost/json/object.hpp>

#include <optional>

namespace hallpass::services::discord {

// Nothing where the interaction doesn't say whose it is, or says two. What is said oddly gives no power; an
// e-mail Discord never tells.
std::optional<access::account> read_account(const boost::json::object& payload);

} // namespace hallpass::services::discord
