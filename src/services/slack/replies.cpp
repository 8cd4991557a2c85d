#include "services/slack/replies.hpp"

#include "base/text.hpp"
#include "services/retry_after.hpp"
#include "services/slack/errors.hpp"

#include <optional>
#include <string>

namespace hallpass::services::slack {

namespace json = boost::json;

namespace {

std::string named(std::string_view method) {
    return "Slack " + std::string(method) + ": ";
}

// The only call that the app-level token is for.
constexpr std::string_view mend_app_token =
    "app_token must be an app-level token (xapp-...) of this app with the scope connections:write (\"Basic "
    "Information\" in the app's settings), and Socket Mode must be switched on there";

std::string_view mend_of(std::string_view method, const error_meaning& meaning) {
    const bool app_token = method == open_connection_method && is_refusal(meaning.kind);
    return app_token ? mend_app_token : meaning.mend;
}

fault with_wait(fault made, const ports::http_response& response) {
    if (const auto wait = retry_after_of(response)) {
        made.set_retry_after(*wait);
    }
    return made;
}

fault foreign(std::string_view method, bool posts, const ports::http_response& response) {
    fault made(
        fault_kind::transient, named(method) + "HTTP " + std::to_string(response.status) +
                                   " with something that isn't Slack's answer: \"" +
                                   one_line(response.body, 100) +
                                   "\"; is api_url right, or a proxy in between?"
    );
    const bool maybe_done = response.status < 300 || response.status >= 500;
    made.set_uncertain(posts && maybe_done);
    return made;
}

} // namespace

fault fault_of(std::string_view method, bool posts, const json::object& reply) {
    const std::string code = one_line(text_of(reply, "error"), 80);
    const error_meaning meaning = meaning_of(code);
    std::string text = named(method) + (code.empty() ? "refused without a reason" : code);
    if (code == "missing_scope") {
        text += ", needed: " + one_line(text_of(reply, "needed"), 100);
    }
    if (const std::string_view mend = mend_of(method, meaning); !mend.empty()) {
        text.append("; ").append(mend);
    }
    fault made(meaning.kind, std::move(text));
    made.set_uncertain(posts && meaning.maybe_done);
    return made;
}

result<json::object> read_reply(std::string_view method, bool posts, const ports::http_response& response) {
    if (response.status == 429) {
        return with_wait(fault(fault_kind::rate_limited, named(method) + "too many calls"), response);
    }
    if (response.status >= 500) {
        fault made(
            fault_kind::transient,
            named(method) + "HTTP " + std::to_string(response.status) + " " + one_line(response.body, 100)
        );
        made.set_uncertain(posts);
        return with_wait(std::move(made), response);
    }
    std::optional<json::value> body = parse_foreign(response.body);
    json::object* reply = body ? body->if_object() : nullptr;
    const json::value* ok = reply ? reply->if_contains("ok") : nullptr;
    if (!ok || !ok->is_bool()) {
        return foreign(method, posts, response);
    }
    if (!ok->get_bool()) {
        return with_wait(fault_of(method, posts, *reply), response);
    }
    if (response.status < 200 || response.status >= 300) {
        return foreign(method, posts, response);
    }
    return std::move(*reply);
}

} // namespace hallpass::services::slack
