#include "access/plan.hpp"

#include <algorithm>

namespace hallpass::access {

namespace {

// A reply or outcome to be sent may have been sent by whoever held the claim before.
void add_follow_ups(const access_request& request, const delivery& to, std::vector<step>& steps) {
    for (std::size_t review = to.replies; review < request.reviews.size(); ++review) {
        steps.push_back({step_kind::reply, review, to.sending});
    }
    if (to.face != face_of(request) && !is_ahead_of(to.face, request)) {
        steps.push_back({step_kind::update, 0, false});
    }
    if (to.reader == audience::requester && is_resolved(request.state) && !to.outcome_told) {
        steps.push_back({step_kind::tell_outcome, 0, to.sending});
    }
}

std::vector<step> owed_to(const access_request& request, const delivery& to) {
    std::vector<step> steps;
    if (!to.message.empty()) {
        add_follow_ups(request, to, steps);
        return steps;
    }
    if (request.state == request_state::expired && !to.sending) {
        return steps;
    }
    steps.push_back({step_kind::post, 0, to.sending});
    delivery posted = to;
    posted.face = face_of(request);
    posted.sending = to.sending;
    add_follow_ups(request, posted, steps);
    return steps;
}

void look_again_at(plan& planned, instant when) {
    planned.look_again = planned.look_again ? std::min(*planned.look_again, when) : when;
}

} // namespace

plan make_plan(const access_request& request, const ledger& known, const outlook& seen) {
    plan planned;
    bool owed = false;
    for (const delivery& to : known.deliveries) {
        std::vector<step> steps = owed_to(request, to);
        if (steps.empty()) {
            continue;
        }
        const auto waited = seen.patience_for.find(to.to);
        if (waited != seen.patience_for.end()) {
            if (waited->second.given_up && is_resolved(request.state)) {
                continue;
            }
            if (waited->second.not_before > seen.now) {
                owed = true;
                look_again_at(planned, waited->second.not_before);
                continue;
            }
        }
        owed = true;
        planned.lanes.push_back({to.to, std::move(steps)});
    }
    if (owed && known.held && known.held->holder != seen.me && known.held->until > seen.now) {
        planned.lanes.clear();
        planned.look_again = known.held->until;
        planned.held_by_other = true;
    }
    planned.settled = !owed && is_resolved(request.state);
    return planned;
}

ledger claimed_for(const plan& planned, ledger known, claim taken) {
    known.held = std::move(taken);
    for (const lane& lane : planned.lanes) {
        const bool sends = std::any_of(lane.steps.begin(), lane.steps.end(), [](const step& one) {
            return one.kind != step_kind::update;
        });
        if (delivery* to = known.find(lane.to)) {
            to->sending = to->sending || sends;
        }
    }
    return known;
}

} // namespace hallpass::access
