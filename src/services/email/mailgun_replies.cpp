#include "services/email/mailgun_replies.hpp"

#include "base/text.hpp"
#include "services/json_members.hpp"
#include "services/retry_after.hpp"

#include <string>

namespace hallpass::services::email {

namespace {

struct meaning {
    fault_kind kind;
    std::string_view mend;
};

meaning meaning_of(int status) noexcept {
    switch (status) {
    case 401:
    case 403:
        return {
            fault_kind::unauthorised,
            "check mailgun.private_key, and mailgun.region: keys of the EU are for \"eu\""};
    case 402:
        return {fault_kind::unauthorised, "Mailgun wants the account in order"};
    case 404:
        return {
            fault_kind::unauthorised,
            "check mailgun.domain, and mailgun.region: domains of the EU are in \"eu\""};
    case 429:
        return {fault_kind::rate_limited, ""};
    default:
        return {status >= 400 && status < 500 ? fault_kind::permanent : fault_kind::transient, ""};
    }
}

// Its own words, or the beginning of what isn't Mailgun's form at all.
std::string said_in(const ports::http_response& response) {
    const auto body = parse_foreign(response.body);
    if (body && body->is_object()) {
        const std::string message(text_of(body->get_object(), "message"));
        return message.empty() ? "" : ' ' + one_line(message, 200);
    }
    return response.body.empty() ? "" : " \"" + one_line(response.body, 100) + '"';
}

// {"id": "<…>", "message": "Queued. Thank you."}, or what is told of a domain.
bool is_mailguns(const ports::http_response& response, bool posts) {
    const auto body = parse_foreign(response.body);
    if (!body || !body->is_object()) {
        return false;
    }
    return body->get_object().contains(posts ? "id" : "domain");
}

} // namespace

std::optional<fault> fault_of(const ports::http_response& response, std::string_view call, bool posts) {
    const bool success = response.status >= 200 && response.status < 300;
    if (success && is_mailguns(response, posts)) {
        return std::nullopt;
    }
    meaning what = meaning_of(response.status);
    if (success) {
        what = {
            fault_kind::transient,
            "that isn't Mailgun's answer: is mailgun.api_url right, or a proxy in between?"};
    }
    std::string text =
        "Mailgun " + std::string(call) + ": HTTP " + std::to_string(response.status) + said_in(response);
    if (!what.mend.empty()) {
        text.append("; ").append(what.mend);
    }
    fault made(what.kind, std::move(text));
    made.set_uncertain(posts && (success || response.status >= 500));
    if (const auto wait = retry_after_of(response)) {
        made.set_retry_after(*wait);
    }
    return made;
}

} // namespace hallpass::services::email
