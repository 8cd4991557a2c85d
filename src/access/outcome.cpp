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
    if (!done.overtaken) {
        to->sending = done.left;
        return;
    }
    // Whoever overtook us may be sending just now.
    to->sending.card = to->sending.card || done.left.card;
    to->sending.replies = std::max(to->sending.replies, done.left.replies);
    to->sending.outcome = to->sending.outcome || done.left.outcome;
}

} // namespace hallpass::access
