#include "services/jira/replies.hpp"

#include "base/text.hpp"
#include "services/json_members.hpp"
#include "services/retry_after.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <optional>
#include <string>

namespace hallpass::services::jira {

namespace json = boost::json;

namespace {

constexpr std::size_t said_bytes = 400;

std::string named(std::string_view call, int status) {
    return "Jira " + std::string(call) + ": HTTP " + std::to_string(status);
}

bool maybe_done(int status) noexcept {
    return status < 300 || status >= 500;
}

void add(std::string& to, std::string_view text) {
    if (!text.empty()) {
        to.append(to.empty() ? "" : "; ").append(one_line(text, said_bytes));
    }
}

// errorMessages is a list; errors is an object of texts, and a list of them from old servers.
std::string said_by(const json::object& body) {
    std::string said;
    const json::value* messages = body.if_contains("errorMessages");
    if (messages && messages->is_array()) {
        for (const json::value& one : messages->get_array()) {
            add(said, one.is_string() ? std::string_view(one.get_string()) : std::string_view());
        }
    }
    const json::value* errors = body.if_contains("errors");
    if (errors && errors->is_object()) {
        for (const auto& [field, what] : errors->get_object()) {
            const std::string text =
                what.is_string() ? std::string(what.get_string()) : json::serialize(what);
            add(said, std::string(field) + ": " + text);
        }
    }
    if (errors && errors->is_array()) {
        for (const json::value& one : errors->get_array()) {
            add(said, one.is_string() ? std::string(one.get_string()) : json::serialize(one));
        }
    }
    add(said, said.empty() ? text_of(body, "message") : std::string_view());
    return one_line(said, said_bytes);
}

std::string_view mend_of(const ports::http_response& response) {
    switch (response.status) {
    case 401:
        if (response.header("X-Authentication-Denied-Reason").find("CAPTCHA") != std::string_view::npos) {
            return "too many failed log-ins: log in once in a browser as the account, and answer the CAPTCHA";
        }
        return "check username and api_token: an API token of Cloud lives a year at most, one with scopes "
               "needs cloud_id, and Data Center 11 takes personal access tokens only, without username";
    case 403:
        return "give the account Browse Projects, Create Issues, Transition Issues and Add Comments in the "
               "project";
    case 404:
        return "it isn't there, or the account may not see it; are url and project right?";
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
    case 409:
    case 425:
        return fault_kind::transient;
    case 429:
        return fault_kind::rate_limited;
    default:
        return status >= 500 ? fault_kind::transient : fault_kind::permanent;
    }
}

fault with_wait(fault made, const ports::http_response& response) {
    if (const auto wait = retry_after_of(response)) {
        made.set_retry_after(*wait);
    }
    return made;
}

// A log-in page, a proxy, or another server altogether.
fault foreign(std::string_view call, bool posts, const ports::http_response& response) {
    std::string text = named(call, response.status) + " with something that isn't Jira's answer: \"" +
                       one_line(response.body, 100) + '"';
    const std::string_view mend = response.status == 401 ? mend_of(response)
                                  : response.status < 500 && response.status != 429
                                      ? "is url right, or a proxy or a log-in page in between?"
                                      : "";
    if (!mend.empty()) {
        text.append("; ").append(mend);
    }
    const bool refused = response.status == 401 || response.status == 429;
    fault made(refused ? kind_of(response.status) : fault_kind::transient, std::move(text));
    made.set_uncertain(posts && maybe_done(response.status));
    return with_wait(std::move(made), response);
}

} // namespace

result<json::value> read_reply(std::string_view call, bool posts, const ports::http_response& response) {
    const bool fine = response.status >= 200 && response.status < 300;
    if (fine && trimmed(response.body).empty()) {
        return json::value(nullptr);
    }
    std::optional<json::value> body = parse_foreign(response.body);
    if (fine && body && (body->is_object() || body->is_array())) {
        return std::move(*body);
    }
    const json::object* refusal = body ? body->if_object() : nullptr;
    if (fine || !refusal) {
        return foreign(call, posts, response);
    }
    std::string text = named(call, response.status);
    const std::string said = said_by(*refusal);
    if (!said.empty()) {
        text += ": " + said;
    }
    const std::string_view mend = mend_of(response);
    if (!mend.empty()) {
        text.append("; ").append(mend);
    }
    fault made(kind_of(response.status), std::move(text));
    made.set_uncertain(posts && maybe_done(response.status));
    return with_wait(std::move(made), response);
}

} // namespace hallpass::services::jira
