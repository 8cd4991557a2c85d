#include "services/discord/replies.hpp"

#include "base/text.hpp"
#include "services/discord/errors.hpp"
#include "services/retry_after.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

namespace hallpass::services::discord {

namespace json = boost::json;

namespace {

constexpr std::int64_t invalid_form = 50035;

std::string named(std::string_view call) {
    return "Discord " + std::string(call) + ": ";
}

bool maybe_done(int status) noexcept {
    return status < 300 || status >= 500;
}

std::optional<double> number_of(const json::object& from, std::string_view name) {
    const json::value* found = from.if_contains(name);
    if (!found || !found->is_number()) {
        return std::nullopt;
    }
    return found->to_number<double>();
}

// The body's is finer than the header's whole seconds.
std::optional<std::chrono::milliseconds>
wait_of(const json::object& body, const ports::http_response& response) {
    const auto seconds = number_of(body, "retry_after");
    if (seconds && *seconds >= 0) {
        const double longest = static_cast<double>(std::chrono::milliseconds(longest_wait).count());
        const double wait = std::ceil(std::min(*seconds * 1000, longest));
        return std::chrono::milliseconds(static_cast<std::chrono::milliseconds::rep>(wait));
    }
    return retry_after_of(response);
}

fault with_wait(fault made, const json::object& body, const ports::http_response& response) {
    if (const auto wait = wait_of(body, response)) {
        made.set_retry_after(*wait);
    }
    return made;
}

// Cloudflare stands in front of Discord, and proxies in front of us: their answers are HTML.
fault foreign(std::string_view call, bool posts, const ports::http_response& response) {
    const std::string said = "HTTP " + std::to_string(response.status) +
                             " with something that isn't Discord's answer: \"" +
                             one_line(response.body, 100) + '"';
    if (response.status == 429) {
        return with_wait(fault(fault_kind::rate_limited, named(call) + said), json::object(), response);
    }
    const std::string mend = response.status >= 500 ? "" : "; is api_url right, or a proxy in between?";
    fault made(fault_kind::transient, named(call) + said + mend);
    made.set_uncertain(posts && maybe_done(response.status));
    return with_wait(std::move(made), json::object(), response);
}

bool is_of_lost_message(const json::object& body) {
    return object_of(body, "errors").contains("message_reference");
}

fault fault_of(
    std::string_view call, bool posts, const json::object& body, const ports::http_response& response
) {
    // Whatever isn't one of Discord's codes means as much as none.
    const double written = number_of(body, "code").value_or(0);
    const auto code = written > 0 && written < 1e9 ? static_cast<std::int64_t>(written) : 0;
    const error_meaning meaning = meaning_of(code, response.status);
    std::string text =
        named(call) + (code == 0 ? "HTTP " + std::to_string(response.status) : std::to_string(code));
    text += ' ' + one_line(text_of(body, "message"), 100);
    const json::value* global = body.if_contains("global");
    if (global && global->is_bool() && global->get_bool()) {
        text += " (for all calls)";
    }
    // The message that a reply refers to is gone.
    if (code == invalid_form && is_of_lost_message(body)) {
        return fault(fault_kind::not_found, text + "; the message it replies to is gone");
    }
    if (code == invalid_form) {
        text += ' ' + one_line(json::serialize(object_of(body, "errors")), 300);
    }
    if (!meaning.mend.empty()) {
        text.append("; ").append(meaning.mend);
    }
    fault made(meaning.kind, std::move(text));
    made.set_uncertain(posts && maybe_done(response.status));
    return with_wait(std::move(made), body, response);
}

} // namespace

result<json::value> read_reply(std::string_view call, bool posts, const ports::http_response& response) {
    if (response.status == 204) {
        return json::value(json::object());
    }
    std::optional<json::value> body = parse_foreign(response.body);
    if (!body) {
        return foreign(call, posts, response);
    }
    if (response.status >= 200 && response.status < 300) {
        return body->is_object() || body->is_array() ? result<json::value>(std::move(*body))
                                                     : foreign(call, posts, response);
    }
    const json::object* refusal = body->if_object();
    if (!refusal || !(refusal->contains("message") || refusal->contains("code"))) {
        return foreign(call, posts, response);
    }
    return fault_of(call, posts, *refusal, response);
}

} // namespace hallpass::services::discord
