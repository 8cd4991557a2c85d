#include "services/opsgenie/replies.hpp"

#include "base/text.hpp"
#include "services/json_members.hpp"
#include "services/retry_after.hpp"

#include <boost/json/array.hpp>

#include <optional>
#include <string>

namespace hallpass::services::opsgenie {

namespace json = boost::json;

namespace {

std::string named(platform on, std::string_view call) {
    return std::string(title_of(on)) + ' ' + std::string(call) + ": ";
}

fault_kind kind_of(int status) noexcept {
    switch (status) {
    case 401:
    case 403:
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

std::string_view mend_of(platform on, int status) noexcept {
    const bool jsm = on == platform::jsm;
    switch (status) {
    case 401:
        return jsm ? "check jsm.api_key, and user_email with api_token"
                   : "check opsgenie.api_key, and that its integration is switched on; an account of the EU "
                     "region "
                     "needs api_url = \"https://api.eu.opsgenie.com\"";
    case 402:
        return "the account's plan doesn't have it";
    case 403:
        return jsm ? "the integration must be allowed to create and update, and the account of user_email to "
                     "see "
                     "alerts and schedules"
                   : "the integration needs \"Read\" and \"Create and update\"; schedules may need a key of "
                     "their own, "
                     "opsgenie.reading_api_key";
    default:
        return "";
    }
}

bool maybe_done(int status) noexcept {
    return status < 300 || status == 408 || status >= 500;
}

// The header says over what time calls are counted, 1 s or 60 s (api-ticketing 3.5).
std::optional<std::chrono::seconds> wait_of(const ports::http_response& response) {
    if (const auto told = retry_after_of(response)) {
        return told;
    }
    const std::string_view period = trimmed(response.header("X-RateLimit-Period-In-Sec"));
    if (period == "1") {
        return std::chrono::seconds(1);
    }
    return period == "60" ? std::optional(std::chrono::seconds(60)) : std::nullopt;
}

// Opsgenie's "message", or the first of Atlassian's "errors".
std::string said_in(const json::object& body) {
    std::string said = one_line(text_of(body, "message"), 200);
    const json::value* errors = body.if_contains("errors");
    if (errors != nullptr && errors->is_object()) {
        for (const auto& [field, what] : errors->get_object()) {
            if (what.is_string() && said.size() < 400) {
                said += "; " + one_line(field, 60) + ": " + one_line(what.get_string(), 100);
            }
        }
    }
    if (errors != nullptr && errors->is_array()) {
        for (const json::value& one : errors->get_array()) {
            const json::object* error = one.if_object();
            if (error != nullptr && said.size() < 400) {
                const std::string_view detail = text_of(*error, "detail");
                said += (said.empty() ? "" : "; ") +
                        one_line(detail.empty() ? text_of(*error, "title") : detail, 150);
            }
        }
    }
    return said;
}

fault finished(fault made, bool makes, const ports::http_response& response) {
    made.set_uncertain(makes && maybe_done(response.status));
    if (made.kind() == fault_kind::rate_limited) {
        if (const auto wait = wait_of(response)) {
            made.set_retry_after(*wait);
        }
    }
    return made;
}

} // namespace

result<json::object>
read_reply(platform on, std::string_view call, bool makes, const ports::http_response& response) {
    std::optional<json::value> body = parse_foreign(response.body);
    json::object* reply = body ? body->if_object() : nullptr;
    const bool good = response.status >= 200 && response.status < 300;
    if (reply != nullptr && good) {
        return std::move(*reply);
    }
    const std::string status = "HTTP " + std::to_string(response.status);
    std::string text = named(on, call);
    if (reply == nullptr) {
        text += status + " with something that isn't its answer: \"" + one_line(response.body, 100) + '"';
    } else {
        text += status + ' ' + said_in(*reply);
    }
    const std::string_view mend = mend_of(on, response.status);
    if (!mend.empty()) {
        text.append("; ").append(mend);
    } else if (reply == nullptr && response.status < 500) {
        text += "; is api_url right, or a proxy in between?";
    }
    const bool foreign =
        reply == nullptr && kind_of(response.status) != fault_kind::unauthorised && response.status != 429;
    return finished(
        fault(foreign ? fault_kind::transient : kind_of(response.status), std::move(text)), makes, response
    );
}

} // namespace hallpass::services::opsgenie
