// What reviews make of an Access Request (teleport-wire 11): pure.
#pragma once

#include "sandbox/cluster_types.hpp"

#include <string>
#include <vector>

namespace hallpass::sandbox {

struct judgement {
    access::request_state state = access::request_state::pending;
    std::string reason; // of the review that decided
};

// The thresholds that a review counts for: those whose filter is empty or "true".
std::vector<std::size_t> thresholds_met(const std::vector<access::review_threshold>& thresholds);

// Walks the reviews in order and stops at the first that decides.
judgement judge(const recorded_request& recorded);

} // namespace hallpass::sandbox
