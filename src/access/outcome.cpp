#include "access/outcome.hpp"

#include <algorithm>

namespace hallpass::access {

void record(const lane_outcome& done, ledger& into) {
    delivery* to = into.find(done.to);
    if (to == nullptr) {
        return;
    }
    if (to->message.empty()) {
        to->message = done.message;
    }
    if (done.face) {
        to->face = done.overtaken && to->face != *done.face ? std::string() : *done.face;
    }
    to->replies = std::max(to->replies, done.replies);
    to->outcome_told = to->outcome_told || done.outcome_told;
    // Whoever overtook us may be sending just now.
    to->sending = done.uncertain || (done.overtaken && to->sending);
}

} // namespace hallpass::access
