// What a person is told of a request before anybody asks whether they may decide it.
#pragma once

#include "access/access_request.hpp"
#include "access/decision_outcome.hpp"

#include <optional>

namespace hallpass::services {

access::decision_outcome outcome_of(access::decision_result what);

// Nothing where the request can still be decided here.
std::optional<access::decision_outcome> settled(const access::access_request& request);

} // namespace hallpass::services
