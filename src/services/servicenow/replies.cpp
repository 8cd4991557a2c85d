#include "services/servicenow/replies.hpp"

#include "base/text.hpp"
#include "services/json_members.hpp"
#include "services/retry_after.hpp"

#include <optional>
#include <string>

namespace hallpass::services::servicenow {

namespace json = boost::json;

namespace {

std::string named(std::string_view call, int status) {
    return "ServiceNow " + std::string(call) + ": HTTP " + std::to_string(status);
}

bool maybe_done(int status) noexcept {
    return status < 300 || status >= 500;
}

std::string_view mend_of(int status, std::string_view said) {
    if (said.find("Data Policy") != std::string_view::npos ||
        said.find("mandatory") != std::string_view::npos) {
        return "the instance wants more fields: set servicenow.close_code to one of its codes, or change its "
               "data "
               "policy";
    }
    switch (status) {
    case 401:
        return "check username and api_token (its password), or client_id and client_secret; an account with "
               "multi-factor authentication can't be used";
    case 403:
        return "give the account the role itil or sn_incident_write; closing, which is state 7, takes "
               "itil_admin";
    case 404:
        return "it isn't there, or the account may not see it; is api_url right?";
    default:
        return "";
    }
}

fault_kind kind_of(int status) noexcept {
    switch (status) {
    case 401:
        return fault_kind::unauthorised;
    case 404:
        return fault_kind::not_found;
    case 408:
        return fault_kind::transient;
    case 429:
        return fault_kind::rate_limited;
    default:
        return status >= 500 ? fault_kind::transient : fault_kind::permanent;
    }
}

fault refusal(
    std::string_view call,
    bool posts,
    fault_kind kind,
    std::string_view said,
    const ports::http_response& response
) {
    std::string text = named(call, response.status);
    if (!said.empty()) {
        text.append(": ").append(said);
    }
    const std::string_view mend = mend_of(response.status, said);
    if (!mend.empty()) {
        text.append("; ").append(mend);
    }
    fault made(kind, std::move(text));
    made.set_uncertain(posts && maybe_done(response.status));
    if (const auto wait = retry_after_of(response)) {
        made.set_retry_after(*wait);
    }
    return made;
}

fault foreign(std::string_view call, bool posts, const ports::http_response& response) {
    const bool plain = response.status == 401 || response.status == 429;
    return refusal(
        call, posts, plain ? kind_of(response.status) : fault_kind::transient,
        "something that isn't ServiceNow's answer: \"" + one_line(response.body, 100) +
            "\"; is api_url right, or does the instance sleep?",
        response
    );
}

} // namespace

result<json::value> read_reply(std::string_view call, bool posts, const ports::http_response& response) {
    std::optional<json::value> body = parse_foreign(response.body);
    json::object* answer = body ? body->if_object() : nullptr;
    const bool fine = response.status >= 200 && response.status < 300;
    if (!answer) {
        return foreign(call, posts, response);
    }
    if (fine) {
        json::value* found = answer->if_contains("result");
        return found ? result<json::value>(std::move(*found)) : foreign(call, posts, response);
    }
    const json::object& error = object_of(*answer, "error");
    std::string said = one_line(text_of(error, "message"), 200);
    const std::string_view detail = text_of(error, "detail");
    if (!detail.empty() && detail != said) {
        said += (said.empty() ? "" : ": ") + one_line(detail, 200);
    }
    return refusal(call, posts, kind_of(response.status), said, response);
}

result<json::object> read_token(const ports::http_response& response) {
    constexpr std::string_view call = "POST oauth_token.do";
    std::optional<json::value> body = parse_foreign(response.body);
    json::object* answer = body ? body->if_object() : nullptr;
    if (!answer) {
        return foreign(call, false, response);
    }
    if (response.status >= 200 && response.status < 300 && !text_of(*answer, "access_token").empty()) {
        return std::move(*answer);
    }
    const std::string said =
        one_line(text_of(*answer, "error"), 100) + ' ' + one_line(text_of(*answer, "error_description"), 200);
    const bool later = response.status == 429 || response.status >= 500;
    return refusal(
        call, false, later ? kind_of(response.status) : fault_kind::unauthorised,
        std::string(trimmed(said)) + "; check client_id and client_secret", response
    );
}

} // namespace hallpass::services::servicenow
