// What became of a decision, and the words in which the person who made it is told.
#pragma once

#include "access/decision.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hallpass::access {

enum class decision_result {
    accepted,         // recorded, and it decided the request
    needs_more,       // recorded; the request still waits for others
    already_reviewed, // by this person
    already_resolved,
    own_request,
    no_permission,
    not_mapped, // the account is nobody's in Teleport
    expired,    // or deleted
    reason_required,
    elsewhere,   // can't be decided here, only in Teleport
    unreachable, // nothing was recorded: try again
    unknown,     // it may have been recorded, and nobody could be asked
};

std::string_view to_string(decision_result what) noexcept; // "already_reviewed"

struct decision_outcome {
    decision_result what = decision_result::unknown;
    request_state state = request_state::pending; // of the request, as far as known
    std::optional<unsigned> missing;              // of needs_more: so many approvals or denials more
    std::string by;                               // of already_resolved: a Teleport user, where known
    std::string user;                             // who the person is in Teleport; "" is nobody
    std::string why;                              // one line, for the log only
};

inline bool is_recorded(const decision_outcome& outcome) noexcept {
    return outcome.what == decision_result::accepted || outcome.what == decision_result::needs_more;
}

// One or two sentences, neither escaped nor cut. `link` is the request's page in the web UI, or "".
std::string words_for(const decision_outcome& outcome, verdict wanted, std::string_view link);

} // namespace hallpass::access
