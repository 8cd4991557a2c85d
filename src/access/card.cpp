#include "access/card.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace hallpass::access {

card make_card(const access_request& request, const cluster& where, audience reader) {
    card made;
    made.reader = reader;
    made.request_id = request.id;
    made.cluster_name = where.name;
    made.user = request.user;
    made.roles = request.roles;
    std::sort(made.roles.begin(), made.roles.end());
    made.logins_by_role = request.logins_by_role;
    for (const requested_resource& resource : request.resources) {
        made.resources.push_back(to_string(resource));
    }
    std::sort(made.resources.begin(), made.resources.end());
    made.request_reason = request.request_reason;
    made.state = request.state;
    made.resolve_reason = request.resolve_reason;
    made.promoted_access_list = request.promoted_access_list;
    made.reviews = request.reviews;
    if (request.thresholds.size() == 1 && request.thresholds.front().filter.empty()) {
        made.approvals_needed = request.thresholds.front().approve;
    }
    made.access_expires = request.access_expires;
    made.request_expires = request.request_expires;
    made.max_duration = request.max_duration;
    made.assume_start = request.assume_start;
    made.long_term = request.long_term;
    if (!where.web_url.empty()) {
        made.link = where.web_url + "/web/requests/" + request.id;
    } else if (reader == audience::approver && request.state == request_state::pending) {
        made.approve_command = "tsh request review --approve " + request.id;
        made.deny_command = "tsh request review --deny " + request.id;
    }
    return made;
}

std::string what_is_requested(const card& shown) {
    std::string what = shown.resources.empty() ? "role request" : "resource request";
    if (shown.long_term) {
        what += " (long-term access)";
    }
    return what;
}

unsigned count_reviews(const card& shown, request_state proposed) noexcept {
    return static_cast<unsigned>(std::count_if(
        shown.reviews.begin(), shown.reviews.end(),
        [proposed](const review& one) { return one.proposed == proposed; }
    ));
}

std::string face_of(const access_request& request) {
    char letter = 'N';
    switch (request.state) {
    case request_state::none:
        break;
    case request_state::pending:
        letter = 'P';
        break;
    case request_state::approved:
        letter = 'A';
        break;
    case request_state::denied:
        letter = 'D';
        break;
    case request_state::promoted:
        letter = 'R';
        break;
    case request_state::expired:
        letter = 'E';
        break;
    }
    return letter + std::to_string(request.reviews.size());
}

std::size_t reviews_in(std::string_view face) noexcept {
    std::size_t reviews = 0;
    if (!face.empty()) {
        std::from_chars(face.data() + 1, face.data() + face.size(), reviews);
    }
    return reviews;
}

bool is_ahead_of(std::string_view face, const access_request& request) noexcept {
    if (face.empty()) {
        return false;
    }
    const bool resolved = face.front() != 'P' && face.front() != 'N';
    return std::pair{resolved, reviews_in(face)} >
           std::pair{is_resolved(request.state), request.reviews.size()};
}

} // namespace hallpass::access
