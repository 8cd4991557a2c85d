#include "services/datadog/replies.hpp"

#include "base/text.hpp"
#include "services/json_members.hpp"
#include "services/retry_after.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

namespace hallpass::services::datadog {

namespace json = boost::json;

namespace {

constexpr std::string_view keys =
    "check datadog.api_key and datadog.application_key, which needs incident_read and "
    "incident_write, and that api_endpoint is of the organisation's site";

bool maybe_done(int status) noexcept {
    return status < 300 || status >= 500;
}

fault_kind kind_of(int status) noexcept {
    switch (status) {
    case 401:
    case 403:
        return fault_kind::unauthorised;
    case 404:
        return fault_kind::not_found;
    case 408:
    case 409:
        return fault_kind::transient;
    case 429:
        return fault_kind::rate_limited;
    default:
        return status >= 500 ? fault_kind::transient : fault_kind::permanent;
    }
}

std::string said_by(const json::object& body) {
    std::string said;
    for (const json::value& member : array_of(body, "errors")) {
        std::string one;
        if (const json::string* text = member.if_string()) {
            one = *text;
        } else if (const json::object* error = member.if_object()) {
            const std::string_view detail = text_of(*error, "detail");
            one = text_of(*error, "title");
            one.append(one.empty() || detail.empty() ? "" : ": ").append(detail);
        }
        said.append(said.empty() || one.empty() ? "" : "; ").append(one);
    }
    return one_line(said, 400);
}

// Datadog has no Retry-After, but tells in how many seconds its count begins anew.
std::optional<std::chrono::seconds> wait_of(const ports::http_response& response) {
    if (const auto wait = retry_after_of(response)) {
        return wait;
    }
    const std::string_view written = trimmed(response.header("X-RateLimit-Reset"));
    unsigned seconds = 0;
    const auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), seconds);
    if (response.status != 429 || written.empty() || error != std::errc{} ||
        end != written.data() + written.size()) {
        return std::nullopt;
    }
    return std::min(std::chrono::seconds(seconds), longest_wait);
}

} // namespace

result<json::object> read_reply(std::string_view call, bool posts, const ports::http_response& response) {
    const bool fine = response.status >= 200 && response.status < 300;
    if (fine && trimmed(response.body).empty()) {
        return json::object();
    }
    std::optional<json::value> body = parse_foreign(response.body);
    json::object* answer = body ? body->if_object() : nullptr;
    if (fine && answer) {
        return std::move(*answer);
    }
    std::string text = "Datadog " + std::string(call) + ": HTTP " + std::to_string(response.status);
    const bool foreign = fine || !answer;
    const std::string said =
        foreign ? "something that isn't Datadog's answer: \"" + one_line(response.body, 100) + '"'
                : said_by(*answer);
    text.append(said.empty() ? "" : ": ").append(said);
    const fault_kind kind = fine ? fault_kind::transient : kind_of(response.status);
    if (kind == fault_kind::unauthorised) {
        text.append("; ").append(keys);
    } else if (foreign && response.status < 500 && response.status != 429) {
        text += "; is api_endpoint right, or a proxy in between?";
    }
    fault made(foreign && kind == fault_kind::permanent ? fault_kind::transient : kind, std::move(text));
    made.set_uncertain(posts && maybe_done(response.status));
    if (const auto wait = wait_of(response)) {
        made.set_retry_after(*wait);
    }
    return made;
}

} // namespace hallpass::services::datadog
