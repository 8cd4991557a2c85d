// A trigger id, by which the Mattermost server opens a form for one person (api-messaging 3.4).
#pragma once

#include "base/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hallpass::services::mattermost {

struct trigger_facts {
    std::string user;
    instant issued;
};

// Whom it is for and since when. Its signature is the server's to verify, when a form is opened by it.
std::optional<trigger_facts> read_trigger(std::string_view trigger);

} // namespace hallpass::services::mattermost
