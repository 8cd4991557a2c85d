// The operator's rules for decisions, and the checks that need nothing but a request and its reviews.
#pragma once

#include "access/decision_outcome.hpp"
#include "access/identity.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace hallpass::access {

// In whose name Teleport gets a decision.
enum class review_as {
    person, // a review by the person: Teleport judges them
    plugin, // a review by hallpass's own user: Teleport judges hallpass only
    state,  // no review: hallpass judges, and sets the state (clusters without reviews)
    anyone, // no review, and nobody judges: the state is set for whoever the service says decided
};

enum class reason_rule { optional, for_denial, always };

// Who decides where Teleport doesn't judge. Empty means nobody.
struct state_rules {
    std::map<std::string, std::set<std::string>> approvers; // role: Teleport users; "*": roles without a line
    std::map<std::string, unsigned> approvals;              // role: how many it takes; "*": the others'; or 1
};

struct review_rules {
    bool enabled = false;
    review_as as = review_as::person;
    identity_rules identities;
    reason_rule reason = reason_rule::optional;
    std::set<std::string> confirm_roles; // ask once more before these are approved; "*" is every role
    state_rules state;
};

// One approval where hallpass judges: kept beside the request, one for each Teleport user.
struct approval {
    std::string user;
    std::string service;
    std::string account;
    instant at;
    std::string reason = {};
};

bool needs_reason(const review_rules& rules, verdict what) noexcept;
bool needs_confirmation(const review_rules& rules, const access_request& request);

// Why this user can't decide now, whatever Teleport would say; nothing where they may try. `request` is null
// where it is gone.
std::optional<decision_outcome> refuse(
    const review_rules& rules,
    const decision& asked,
    const std::string& user,
    const access_request* request,
    instant now
);

// Whether the account may be the requester's own, as far as its e-mail tells: it is the requester's name, or
// begins with it. Where there is no e-mail, it may be anybody's.
bool may_be_requesters(const account& who, const access_request& request);

// The outcome of a review that is on the request.
decision_outcome judge_recorded(const access_request& request, verdict what);

const review* find_review(const access_request& request, std::string_view author) noexcept;

// Approvals or denials until the request is decided, where its thresholds tell: they do where there is only
// one, for everybody.
std::optional<unsigned> missing_reviews(const access_request& request, verdict what) noexcept;

// Who resolved it: the author of the last review for that state; "" where no review did.
std::string resolved_by(const access_request& request);

// The user is an approver of every role that is asked for, and not the requester.
bool may_decide(const state_rules& rules, const std::string& user, const access_request& request);

// Approvals the request still lacks. Those of people who may not decide it, or no longer, don't count.
unsigned missing_approvals(
    const state_rules& rules, const access_request& request, const std::vector<approval>& given
);

// The request as messages show it where hallpass judges: the approvals so far as its reviews, and the number
// it takes as its threshold. Approvals are only ever added, as reviews are.
access_request
with_approvals(const state_rules& rules, access_request request, const std::vector<approval>& given);

} // namespace hallpass::access
