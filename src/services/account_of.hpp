// From a Teleport user to the service's account, by the operator's table.
#pragma once

#include "access/identity.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hallpass::services {

// The id of the account, the names compared in any case of letters; nothing where there is no table (null),
// or none of that name in it.
std::optional<std::string> account_of(std::string_view teleport_user, const access::people* known);

} // namespace hallpass::services
