// An Access Request as Teleport tells it: a snapshot, never changed here.
// Source: teleport-wire, types.AccessRequestV3 and its neighbours.
#pragma once

#include "base/time.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::access {

enum class request_state {
    none, // also every state this version doesn't know
    pending,
    approved,
    denied,
    promoted,
    expired, // ours: Teleport deletes a request that nobody resolved, and says no more
};

// "PENDING", as Teleport's own enum and upstream's plugin data spell it; "EXPIRED" for ours.
std::string_view to_string(request_state state) noexcept;
request_state parse_request_state(std::string_view text) noexcept;

inline bool is_resolved(request_state state) noexcept {
    return state != request_state::pending && state != request_state::none;
}

struct review {
    std::string author;
    request_state proposed = request_state::none;
    std::string reason;
    std::optional<instant> created;
};

struct review_threshold {
    std::string name;
    std::string filter; // applies to a review where this is empty or true
    unsigned approve = 0;
    unsigned deny = 0;
};

// "/cluster/kind/name", or with a friendly name "kind/friendly".
struct requested_resource {
    std::string cluster;
    std::string kind;
    std::string name;
    std::string sub_resource;
    std::string friendly_name;
};

std::string to_string(const requested_resource& resource);

struct access_request {
    std::string id;
    std::string user;
    std::vector<std::string> roles;
    request_state state = request_state::none;
    std::optional<instant> created;
    std::optional<instant> access_expires;  // end of the granted access
    std::optional<instant> request_expires; // when the request goes away if nobody resolves it
    std::optional<instant> max_duration;    // an instant, as Teleport has it
    std::optional<instant> assume_start;
    std::string request_reason;
    std::string resolve_reason;
    std::vector<review> reviews;
    std::vector<review_threshold> thresholds;
    std::vector<std::string> suggested_reviewers;
    std::vector<requested_resource> resources;
    std::map<std::string, std::vector<std::string>> system_annotations;
    std::map<std::string, std::vector<std::string>> logins_by_role; // filled in by the gateway
    std::string promoted_access_list;                               // its title, where promoted
    bool long_term = false;
};

} // namespace hallpass::access
