#include "access/plan.hpp"

#include <algorithm>

namespace hallpass::access {

namespace {

// A reply or outcome to be sent may have been sent by whoever held the claim before.
void add_follow_ups(
    const access_request& request, const delivery& to, bool letters, std::vector<step>& steps
) {
    for (std::size_t review = to.replies; review < request.reviews.size(); ++review) {
        steps.push_back({step_kind::reply, review, review < to.sending.replies});
    }
    const bool says_less = to.face != face_of(request) && !is_ahead_of(to.face, request);
    const bool untold = is_resolved(request.state) && !to.outcome_told;
    // Before the update, which is what remains to be done until it has been told.
    if (letters && untold && says_less) {
        steps.push_back({step_kind::tell_outcome, 0, to.sending.outcome});
    }
    if (says_less) {
        steps.push_back({step_kind::update, 0, false});
    }
    if (!letters && untold && to.reader == audience::requester) {
        steps.push_back({step_kind::tell_outcome, 0, to.sending.outcome});
    }
}

std::vector<step> owed_to(const access_request& request, const delivery& to, bool letters) {
    std::vector<step> steps;
    if (!to.message.empty()) {
        add_follow_ups(request, to, letters, steps);
        return steps;
    }
    if (to.skipped || (request.state == request_state::expired && !to.sending.card)) {
        return steps;
    }
    steps.push_back({step_kind::post, 0, to.sending.card});
    delivery posted = to;
    posted.face = face_of(request);
    if (letters) {
        posted.replies = request.reviews.size(); // it says them all, and nobody wants them by post again
    }
    add_follow_ups(request, posted, letters, steps);
    return steps;
}

void look_again_at(plan& planned, instant when) {
    planned.look_again = planned.look_again ? std::min(*planned.look_again, when) : when;
}

// Nothing where the recipient may be served at once, and the end of its wait otherwise.
std::optional<instant> waits_until(const delivery& to, bool looks_first, const outlook& seen) {
    instant until = seen.now;
    const auto waited = seen.patience_for.find(to.to);
    if (waited != seen.patience_for.end()) {
        until = waited->second.not_before;
    }
    if (looks_first) {
        until = std::max(until, seen.look_ups_from);
    }
    return until > seen.now ? std::optional(until) : std::nullopt;
}

bool is_given_up(const access_request& request, const delivery& to, const outlook& seen) {
    const auto waited = seen.patience_for.find(to.to);
    return is_resolved(request.state) && waited != seen.patience_for.end() && waited->second.given_up;
}

} // namespace

plan make_plan(const access_request& request, const ledger& known, const outlook& seen) {
    plan planned;
    bool owed = !seen.busy.empty();
    for (const delivery& to : known.deliveries) {
        if (seen.busy.contains(to.to)) {
            continue;
        }
        std::vector<step> steps = owed_to(request, to, seen.letters);
        if (steps.empty() || is_given_up(request, to, seen)) {
            continue;
        }
        owed = true;
        if (const auto until = waits_until(to, to.sending.any(), seen)) {
            look_again_at(planned, *until);
        } else {
            planned.lanes.push_back({to.to, std::move(steps)});
        }
    }
    const bool by_other = known.held && known.held->holder != seen.me;
    if (by_other && known.held->until + max_clock_skew > seen.now) {
        if (owed) {
            planned.lanes.clear();
            planned.look_again = known.held->until + max_clock_skew;
            planned.held_by_other = true;
        }
    } else {
        const bool idle = known.held && planned.lanes.empty() && seen.busy.empty();
        const bool kept = keeps_claim(known, seen.now);
        planned.stale_claim = idle && !kept;
        if (idle && kept) {
            look_again_at(planned, known.held->until);
        }
    }
    planned.settled = !owed && is_resolved(request.state);
    return planned;
}

bool keeps_claim(const ledger& known, instant now) {
    const auto in_doubt = [](const delivery& one) { return one.sending.card; };
    return known.held && known.held->until > now &&
           std::any_of(known.deliveries.begin(), known.deliveries.end(), in_doubt);
}

bool is_unfinished(const ledger& known, bool letters) {
    outlook seen;
    seen.letters = letters;
    const bool untold =
        std::any_of(known.deliveries.begin(), known.deliveries.end(), [](const delivery& one) {
            return !one.message.empty() && one.replies < reviews_in(one.face);
        });
    const bool incomplete = known.incomplete && known.last_seen.state != request_state::expired;
    return known.held || incomplete || untold || !make_plan(known.last_seen, known, seen).settled;
}

void mark(const step& sent, unsettled& what) noexcept {
    switch (sent.kind) {
    case step_kind::post:
        what.card = true;
        break;
    case step_kind::reply:
        what.replies = std::max(what.replies, sent.review + 1);
        break;
    case step_kind::tell_outcome:
        what.outcome = true;
        break;
    case step_kind::update:
        break; // may be made twice
    }
}

ledger claimed_for(const plan& planned, ledger known, claim taken) {
    known.held = std::move(taken);
    for (const lane& lane : planned.lanes) {
        if (delivery* to = known.find(lane.to)) {
            for (const step& step : lane.steps) {
                mark(step, to->sending);
            }
        }
    }
    return known;
}

} // namespace hallpass::access
