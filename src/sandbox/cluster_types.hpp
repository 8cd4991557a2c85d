// What the simulated cluster keeps: the vocabulary of its state.
#pragma once

#include "access/access_request.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hallpass::sandbox {

using texts_by_key = std::map<std::string, std::vector<std::string>>;

// A role is approved when every set has at least one threshold that enough approvals reach.
using threshold_sets = std::vector<std::vector<std::size_t>>;

// What the server adds to a review.
struct review_record {
    std::vector<std::size_t> threshold_indexes;
    std::string submitted_by;
    bool on_behalf = false;
};

struct recorded_request {
    access::access_request request;
    std::map<std::string, threshold_sets> thresholds_by_role;
    std::vector<review_record> review_records; // one for each of request.reviews
    std::string delegator; // for whom the state was set, as the caller of SetAccessRequestState said
    std::uint64_t revision = 0;
};

struct new_request {
    std::string user;
    std::vector<std::string> roles;
    std::string reason;
    std::vector<std::string> suggested_reviewers;
    texts_by_key annotations;
    std::vector<access::requested_resource> resources;
    std::vector<access::review_threshold> thresholds; // empty: one approval or one denial decides
    bool without_thresholds = false;                  // really none: such a request can't be reviewed
    std::chrono::milliseconds lifetime{0};            // 0: the cluster's default
};

struct new_state {
    access::request_state state = access::request_state::none;
    std::string reason;
    std::string delegator;
};

struct new_review {
    std::string author;
    access::request_state proposed = access::request_state::none;
    std::string reason;
    std::string submitted_by;
    bool on_behalf = false;
    std::string promoted_access_list; // its title, where PROMOTED is proposed
};

// All that is given must match.
struct request_filter {
    std::string id;
    std::string user;
    access::request_state state = access::request_state::none;
};

bool matches(const request_filter& filter, const access::access_request& request) noexcept;

struct cluster_event {
    bool deleted = false;
    recorded_request request; // only its id counts where it was deleted
};

struct cluster_settings {
    std::string name = "sandbox.example.com";
    std::string server_version = "17.2.0";
    std::string proxy_public_addr; // "" is "<name>:443"
    bool advanced_access_workflows = true;
    bool submit_for_users = true;    // the plugin may review for somebody else
    bool watch_without_init = false; // a watch begins with something else
    std::chrono::milliseconds request_lifetime = std::chrono::hours(1);
    std::chrono::milliseconds access_lifetime = std::chrono::hours(8);
    std::size_t watch_capacity = 8192;
};

} // namespace hallpass::sandbox
