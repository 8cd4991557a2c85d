#include "sandbox/review_judgement.hpp"

#include <algorithm>

namespace hallpass::sandbox {

namespace {

struct tally {
    unsigned approvals = 0;
    unsigned denials = 0;
};

bool is_role_approved(
    const threshold_sets& sets,
    const std::vector<access::review_threshold>& thresholds,
    const std::vector<tally>& counted
) {
    return std::ranges::all_of(sets, [&](const std::vector<std::size_t>& set) {
        return std::ranges::any_of(set, [&](std::size_t index) {
            return index < thresholds.size() && thresholds[index].approve != 0 &&
                   counted[index].approvals >= thresholds[index].approve;
        });
    });
}

bool is_denied(const std::vector<access::review_threshold>& thresholds, const std::vector<tally>& counted) {
    for (std::size_t i = 0; i < thresholds.size(); ++i) {
        if (thresholds[i].deny != 0 && counted[i].denials >= thresholds[i].deny) {
            return true;
        }
    }
    return false;
}

bool is_approved(const recorded_request& recorded, const std::vector<tally>& counted) {
    const auto& roles = recorded.thresholds_by_role;
    return !roles.empty() && std::ranges::all_of(roles, [&](const auto& role) {
        return is_role_approved(role.second, recorded.request.thresholds, counted);
    });
}

} // namespace

std::vector<std::size_t> thresholds_met(const std::vector<access::review_threshold>& thresholds) {
    std::vector<std::size_t> met;
    for (std::size_t i = 0; i < thresholds.size(); ++i) {
        if (thresholds[i].filter.empty() || thresholds[i].filter == "true") {
            met.push_back(i);
        }
    }
    return met;
}

judgement judge(const recorded_request& recorded) {
    const access::access_request& request = recorded.request;
    std::vector<tally> counted(request.thresholds.size());
    for (std::size_t i = 0; i < request.reviews.size(); ++i) {
        const access::review& review = request.reviews[i];
        if (review.proposed == access::request_state::promoted) {
            return {access::request_state::promoted, review.reason};
        }
        for (const std::size_t index : recorded.review_records[i].threshold_indexes) {
            counted[index].approvals += review.proposed == access::request_state::approved ? 1 : 0;
            counted[index].denials += review.proposed == access::request_state::denied ? 1 : 0;
        }
        if (is_denied(request.thresholds, counted)) {
            return {access::request_state::denied, review.reason};
        }
        if (is_approved(recorded, counted)) {
            return {access::request_state::approved, review.reason};
        }
    }
    return {};
}

} // namespace hallpass::sandbox
