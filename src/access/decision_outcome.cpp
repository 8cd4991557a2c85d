#include "access/decision_outcome.hpp"

namespace hallpass::access {

namespace {

std::string_view noun(verdict what) noexcept {
    return what == verdict::approve ? "approval" : "denial";
}

std::string_view participle(request_state state) noexcept {
    switch (state) {
    case request_state::approved:
        return "approved";
    case request_state::denied:
        return "denied";
    case request_state::promoted:
        return "promoted to an access list";
    case request_state::none:
    case request_state::pending:
    case request_state::expired:
        break;
    }
    return "resolved";
}

std::string with_link(std::string text, std::string_view link) {
    if (link.empty()) {
        return text + " Use Teleport's web page or tctl.";
    }
    return text + " Use Teleport: " + std::string(link);
}

std::string words_for_more(const decision_outcome& outcome, verdict wanted) {
    const std::string recorded = "Your " + std::string(noun(wanted)) + " is recorded. ";
    if (!outcome.missing) {
        return recorded + "The request needs more reviews.";
    }
    return recorded + "The request needs " + std::to_string(*outcome.missing) + " more " +
           std::string(noun(wanted)) + (*outcome.missing == 1 ? "." : "s.");
}

std::string words_for_resolved(const decision_outcome& outcome) {
    std::string text = "The request has already been " + std::string(participle(outcome.state));
    if (!outcome.by.empty()) {
        text += " by " + outcome.by;
    }
    return text + ". Your click changed nothing.";
}

} // namespace

std::string_view to_string(decision_result what) noexcept {
    switch (what) {
    case decision_result::accepted:
        return "accepted";
    case decision_result::needs_more:
        return "needs_more";
    case decision_result::already_reviewed:
        return "already_reviewed";
    case decision_result::already_resolved:
        return "already_resolved";
    case decision_result::own_request:
        return "own_request";
    case decision_result::no_permission:
        return "no_permission";
    case decision_result::not_mapped:
        return "not_mapped";
    case decision_result::expired:
        return "expired";
    case decision_result::reason_required:
        return "reason_required";
    case decision_result::elsewhere:
        return "elsewhere";
    case decision_result::unreachable:
        return "unreachable";
    case decision_result::unknown:
        break;
    }
    return "unknown";
}

std::string words_for(const decision_outcome& outcome, verdict wanted, std::string_view link) {
    switch (outcome.what) {
    case decision_result::accepted:
        return "Your " + std::string(noun(wanted)) + " is recorded. The request is " +
               std::string(participle(outcome.state)) + ".";
    case decision_result::needs_more:
        return words_for_more(outcome, wanted);
    case decision_result::already_reviewed:
        return "You have already reviewed this request. Your click changed nothing.";
    case decision_result::already_resolved:
        return words_for_resolved(outcome);
    case decision_result::own_request:
        return "This is your own request: somebody else must decide it.";
    case decision_result::no_permission:
        return "You may not review this request. Your click changed nothing.";
    case decision_result::not_mapped:
        return with_link(
            "Your account here is not linked to a Teleport user, so you can't decide from here.", link
        );
    case decision_result::expired:
        return "The request has expired or was deleted. There is nothing left to decide.";
    case decision_result::reason_required:
        return "A reason is required for this " + std::string(noun(wanted)) + ".";
    case decision_result::elsewhere:
        return with_link("This request can't be decided from here.", link);
    case decision_result::unreachable:
        return "Teleport can't be reached. Nothing was recorded; please try again.";
    case decision_result::unknown:
        break;
    }
    return with_link(
        "Teleport has not answered, so your " + std::string(noun(wanted)) +
            " may or may not be recorded. Look at the request before you try again.",
        link
    );
}

} // namespace hallpass::access
