// What somebody wants to be decided, and who that is as far as their service proves it.
#pragma once

#include "access/access_request.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hallpass::access {

enum class verdict { approve, deny };

std::string_view to_string(verdict what) noexcept; // "approve", "deny"

inline request_state proposed_by(verdict what) noexcept {
    return what == verdict::approve ? request_state::approved : request_state::denied;
}

// What a service says of an account at the time of the click. What it doesn't say keeps the value that gives
// no power.
struct account_facts {
    std::string email;
    bool email_verified = false;
    bool active = false;
    bool guest = true;
    bool bot = true;
    bool foreign = true; // of another workspace
};

// An account of a service, proved by a verified callback.
struct account {
    std::string service; // "slack"
    std::string id;      // never reused, never chosen by its owner
    std::optional<account_facts> facts;
};

struct decision {
    std::string request_id;
    account person;
    verdict what = verdict::deny;
    std::string reason;
};

} // namespace hallpass::access
