#include "services/outcomes.hpp"

#include "access/review_rules.hpp"

namespace hallpass::services {

using access::decision_outcome;
using access::decision_result;

decision_outcome outcome_of(decision_result what) {
    decision_outcome made;
    made.what = what;
    return made;
}

std::optional<decision_outcome> settled(const access::access_request& request) {
    if (request.state == access::request_state::expired) {
        return outcome_of(decision_result::expired);
    }
    if (access::is_resolved(request.state)) {
        decision_outcome made = outcome_of(decision_result::already_resolved);
        made.state = request.state;
        made.by = access::resolved_by(request);
        return made;
    }
    return request.long_term ? std::optional(outcome_of(decision_result::elsewhere)) : std::nullopt;
}

} // namespace hallpass::services
