// The request that somebody wants to decide on, looked up while their click waits.
#pragma once

#include "access/decision.hpp"
#include "ports/clock.hpp"
#include "ports/decision_desk.hpp"
#include "services/late_answer.hpp"

#include <memory>
#include <optional>
#include <string>

namespace hallpass::services {

using request_look_up = late_answer<result<std::optional<ports::shown_request>>>;

// Begins at once. `name` is the work's.
std::shared_ptr<request_look_up>
look_up_request(ports::decision_desk& desk, ports::clock& time, std::string name, std::string request_id);

// Whether a form asks for a confirmation. `found` is null where the request isn't known: then any role that
// wants one may be in it.
bool asks_to_confirm(
    const access::review_rules& rules, access::verdict what, const ports::shown_request* found
);

} // namespace hallpass::services
