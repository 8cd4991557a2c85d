// That a card's action is one that we made: clients can change the data that it carries.
#pragma once

#include "base/secret.hpp"

#include <string>
#include <string_view>

namespace hallpass::services::msteams {

// A MAC of the request's id, in 43 letters. Another app secret makes others: then cards from before can't be
// decided on until they change.
std::string prove(const secret& app_secret, std::string_view request_id);

} // namespace hallpass::services::msteams
