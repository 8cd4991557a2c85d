#include "sandbox/new_request.hpp"

#include "base/text.hpp"
#include "sandbox/random_id.hpp"

#include <algorithm>
#include <utility>

namespace hallpass::sandbox {

namespace {

constexpr std::size_t max_reason_bytes = 4096;
constexpr std::size_t max_resources = 300;

std::optional<refusal> refuse_request(const new_request& wanted) {
    const auto refuse = [](std::string text) {
        return refusal{refusal_code::invalid_argument, std::move(text)};
    };
    if (wanted.user.empty()) {
        return refuse("an access request needs a user");
    }
    if (wanted.roles.empty() && wanted.resources.empty()) {
        return refuse("an access request needs a role or a resource");
    }
    if (wanted.reason.size() > max_reason_bytes) {
        return refuse("the reason is longer than 4096 bytes");
    }
    if (wanted.resources.size() > max_resources) {
        return refuse("more than 300 resources are requested");
    }
    for (const access::review_threshold& threshold : wanted.thresholds) {
        if (!threshold.filter.empty() && threshold.filter != "true" && threshold.filter != "false") {
            return refuse("the sandbox knows only the threshold filters \"\", \"true\" and \"false\"");
        }
    }
    return std::nullopt;
}

access::review_threshold one_decides() {
    access::review_threshold threshold;
    threshold.name = "default";
    threshold.approve = 1;
    threshold.deny = 1;
    return threshold;
}

threshold_sets any_of_all(std::size_t thresholds) {
    std::vector<std::size_t> indexes(thresholds);
    for (std::size_t i = 0; i < thresholds; ++i) {
        indexes[i] = i;
    }
    return {std::move(indexes)};
}

} // namespace

outcome<recorded_request> make_request(new_request wanted, const cluster_settings& settings, instant now) {
    if (auto refused = refuse_request(wanted)) {
        return *std::move(refused);
    }
    recorded_request made;
    access::access_request& request = made.request;
    request.id = random_uuid();
    request.user = std::move(wanted.user);
    request.roles = std::move(wanted.roles);
    std::ranges::sort(request.roles);
    request.roles.erase(std::ranges::unique(request.roles).begin(), request.roles.end());
    if (request.roles.empty()) {
        request.roles.emplace_back("resource-access");
    }
    request.state = access::request_state::pending;
    request.created = now;
    request.access_expires = now + settings.access_lifetime;
    request.max_duration = now + settings.access_lifetime;
    request.request_expires =
        now + (wanted.lifetime.count() > 0 ? wanted.lifetime : settings.request_lifetime);
    request.request_reason = std::move(wanted.reason);
    request.suggested_reviewers = std::move(wanted.suggested_reviewers);
    request.resources = std::move(wanted.resources);
    request.system_annotations = std::move(wanted.annotations);
    request.thresholds = std::move(wanted.thresholds);
    if (request.thresholds.empty() && !wanted.without_thresholds) {
        request.thresholds.push_back(one_decides());
    }
    for (const std::string& role : request.roles) {
        made.thresholds_by_role[role] = any_of_all(request.thresholds.size());
    }
    return made;
}

std::optional<refusal> refuse_review(const access::access_request& request, const new_review& given) {
    using enum access::request_state;
    if (given.author.empty()) {
        return refusal{refusal_code::invalid_argument, "a review needs an author"};
    }
    if (given.proposed != approved && given.proposed != denied && given.proposed != promoted) {
        return refusal{
            refusal_code::invalid_argument, "a review proposes APPROVED, DENIED or PROMOTED, nothing else"};
    }
    if (given.reason.size() > max_reason_bytes) {
        return refusal{refusal_code::invalid_argument, "the reason is longer than 4096 bytes"};
    }
    if (request.thresholds.empty()) {
        return refusal{refusal_code::invalid_argument, "the access request has no review thresholds"};
    }
    if (request.state != pending) {
        return refusal{
            refusal_code::permission_denied, "access request \"" + request.id + "\" is already " +
                                                 std::string(access::to_string(request.state))};
    }
    const bool again = std::ranges::any_of(request.reviews, [&](const access::review& review) {
        return review.author == given.author;
    });
    if (again) {
        return refusal{
            refusal_code::permission_denied,
            "user \"" + one_line(given.author) + "\" has already reviewed this request"};
    }
    return std::nullopt;
}

} // namespace hallpass::sandbox
