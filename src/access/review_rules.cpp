#include "access/review_rules.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace hallpass::access {

namespace {

decision_outcome outcome_of(decision_result what, const access_request* request, std::string why) {
    decision_outcome made;
    made.what = what;
    made.state = request == nullptr ? request_state::expired : request->state;
    made.why = std::move(why);
    return made;
}

// Whoever differs from the requester by the case of letters only is taken for the requester.
bool is_requester(const std::string& user, const access_request& request) {
    return lower_case(user) == lower_case(request.user);
}

template <class Value>
const Value* for_role(const std::map<std::string, Value>& table, const std::string& role) {
    auto found = table.find(role);
    if (found == table.end()) {
        found = table.find("*");
    }
    return found == table.end() ? nullptr : &found->second;
}

unsigned approvals_needed(const state_rules& rules, const access_request& request) {
    unsigned needed = 1;
    for (const std::string& role : request.roles) {
        if (const unsigned* own = for_role(rules.approvals, role)) {
            needed = std::max(needed, *own);
        }
    }
    return needed;
}

} // namespace

bool needs_reason(const review_rules& rules, verdict what) noexcept {
    return rules.reason == reason_rule::always ||
           (rules.reason == reason_rule::for_denial && what == verdict::deny);
}

bool needs_confirmation(const review_rules& rules, const access_request& request) {
    return rules.confirm_roles.contains("*") ||
           std::any_of(request.roles.begin(), request.roles.end(), [&](const std::string& role) {
               return rules.confirm_roles.contains(role);
           });
}

std::optional<decision_outcome> refuse(
    const review_rules& rules,
    const decision& asked,
    const std::string& user,
    const access_request* request,
    instant now
) {
    if (request == nullptr || request->state == request_state::expired) {
        return outcome_of(decision_result::expired, request, "the request is gone");
    }
    if (user.empty() || is_requester(user, *request)) {
        return outcome_of(decision_result::own_request, request, "");
    }
    if (request->state != request_state::pending) {
        decision_outcome resolved = outcome_of(decision_result::already_resolved, request, "");
        resolved.by = resolved_by(*request);
        return resolved;
    }
    if (request->request_expires && *request->request_expires <= now) {
        return outcome_of(decision_result::expired, request, "the request's time is over");
    }
    if (request->long_term) {
        return outcome_of(decision_result::elsewhere, request, "long-term requests are decided in Teleport");
    }
    if (find_review(*request, user) != nullptr) {
        return outcome_of(decision_result::already_reviewed, request, "");
    }
    if (needs_reason(rules, asked.what) && trimmed(asked.reason).empty()) {
        return outcome_of(decision_result::reason_required, request, "");
    }
    return std::nullopt;
}

bool may_be_requesters(const account& who, const access_request& request) {
    const std::string email = who.facts ? lower_case(who.facts->email) : std::string();
    const std::string requester = lower_case(request.user);
    return email.empty() || email == requester || email.substr(0, email.find('@')) == requester;
}

decision_outcome judge_recorded(const access_request& request, verdict what) {
    decision_outcome made;
    made.state = request.state;
    made.what = is_resolved(request.state) ? decision_result::accepted : decision_result::needs_more;
    if (made.what == decision_result::needs_more) {
        made.missing = missing_reviews(request, what);
    }
    return made;
}

const review* find_review(const access_request& request, std::string_view author) noexcept {
    const auto found =
        std::find_if(request.reviews.begin(), request.reviews.end(), [author](const review& one) {
            return one.author == author;
        });
    return found == request.reviews.end() ? nullptr : &*found;
}

std::optional<unsigned> missing_reviews(const access_request& request, verdict what) noexcept {
    if (request.thresholds.size() != 1 || !request.thresholds.front().filter.empty()) {
        return std::nullopt;
    }
    const review_threshold& only = request.thresholds.front();
    const unsigned needed = what == verdict::approve ? only.approve : only.deny;
    const auto there = static_cast<unsigned>(std::count_if(
        request.reviews.begin(), request.reviews.end(),
        [what](const review& one) { return one.proposed == proposed_by(what); }
    ));
    return needed > there ? std::optional(needed - there) : std::nullopt;
}

std::string resolved_by(const access_request& request) {
    const auto last =
        std::find_if(request.reviews.rbegin(), request.reviews.rend(), [&request](const review& one) {
            return one.proposed == request.state;
        });
    return last == request.reviews.rend() ? std::string() : last->author;
}

bool may_decide(const state_rules& rules, const std::string& user, const access_request& request) {
    if (user.empty() || request.roles.empty() || is_requester(user, request)) {
        return false;
    }
    return std::all_of(request.roles.begin(), request.roles.end(), [&](const std::string& role) {
        const std::set<std::string>* approvers = for_role(rules.approvers, role);
        return approvers != nullptr && approvers->contains(user);
    });
}

unsigned missing_approvals(
    const state_rules& rules, const access_request& request, const std::vector<approval>& given
) {
    std::set<std::string> counted;
    for (const approval& one : given) {
        if (may_decide(rules, one.user, request)) {
            counted.insert(one.user);
        }
    }
    const unsigned needed = approvals_needed(rules, request);
    const auto there = static_cast<unsigned>(counted.size());
    return needed > there ? needed - there : 0;
}

access_request
with_approvals(const state_rules& rules, access_request request, const std::vector<approval>& given) {
    review_threshold takes;
    takes.approve = static_cast<unsigned>(given.size()) + missing_approvals(rules, request, given);
    takes.deny = 1;
    request.thresholds = {takes};
    for (const approval& one : given) {
        review shown;
        shown.author = one.user;
        shown.proposed = request_state::approved;
        shown.reason = one.reason;
        shown.created = one.at;
        request.reviews.push_back(std::move(shown));
    }
    // What was told of the first so many stays told: a review that comes later belongs behind.
    std::stable_sort(
        request.reviews.begin(), request.reviews.end(),
        [](const review& one, const review& other) { return one.created < other.created; }
    );
    return request;
}

} // namespace hallpass::access
