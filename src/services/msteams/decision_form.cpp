#include "services/msteams/decision_form.hpp"

#include <utility>

namespace hallpass::services::msteams {

bool is_decidable(const access::card& shown) noexcept {
    return shown.reader == access::audience::approver && shown.state == access::request_state::pending &&
           !shown.long_term && !shown.request_id.empty() && shown.request_id.size() <= decidable_id_bytes;
}

decision_form form_for(const access::card& shown, const access::review_rules& rules, std::string proof) {
    decision_form made;
    made.proof = std::move(proof);
    made.reason_always = access::needs_reason(rules, access::verdict::approve);
    made.reason_for_denial = access::needs_reason(rules, access::verdict::deny);
    access::access_request asked_for;
    asked_for.roles = shown.roles;
    made.confirm = access::needs_confirmation(rules, asked_for);
    return made;
}

} // namespace hallpass::services::msteams
