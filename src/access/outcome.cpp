#include "access/outcome.hpp"

#include <algorithm>

namespace hallpass::access {

namespace {

void add(const unsettled& more, unsettled& into) noexcept {
    into.card = into.card || more.card;
    into.replies = std::max(into.replies, more.replies);
    into.outcome = into.outcome || more.outcome;
}

} // namespace

void record(const lane_outcome& done, ledger& into) {
    delivery* to = into.find(done.to);
    if (to == nullptr) {
        return;
    }
    if (to->message.empty()) {
        to->message = done.message;
    } else if (!done.message.empty() && to->message != done.message) {
        return; // two were posted: the one that was recorded first is followed
    }
    if (done.face) {
        to->face = done.overtaken && to->face != *done.face ? std::string() : *done.face;
    }
    to->replies = std::max(to->replies, done.replies);
    to->outcome_told = to->outcome_told || done.outcome_told;
    to->skipped = to->skipped || done.skipped;
    if (done.overtaken) {
        add(done.left, to->sending); // whoever overtook us may be sending just now
    } else {
        to->sending = done.left;
    }
}

} // namespace hallpass::access
