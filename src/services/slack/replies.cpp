#include "services/slack/replies.hpp"

#include "base/text.hpp"
#include "services/slack/errors.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <charconv>
#include <string>

namespace hallpass::services::slack {

namespace json = boost::json;

namespace {

constexpr std::size_t deepest = 32;
constexpr std::chrono::seconds longest_wait = std::chrono::hours(1);

std::string named(std::string_view method) {
    return "Slack " + std::string(method) + ": ";
}

std::optional<std::chrono::seconds> retry_after(const ports::http_response& response) noexcept {
    const std::string_view written = trimmed(response.header("Retry-After"));
    unsigned seconds = 0;
    const auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), seconds);
    if (written.empty() || error != std::errc{} || end != written.data() + written.size()) {
        return std::nullopt;
    }
    return std::min(std::chrono::seconds(seconds), longest_wait);
}

fault with_wait(fault made, const ports::http_response& response) {
    if (const auto wait = retry_after(response)) {
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

std::string_view text_of(const json::object& from, std::string_view name) noexcept {
    const json::value* found = from.if_contains(name);
    const json::string* text = found ? found->if_string() : nullptr;
    return text ? std::string_view(*text) : std::string_view();
}

const json::object& object_of(const json::object& from, std::string_view name) noexcept {
    static const json::object none;
    const json::value* found = from.if_contains(name);
    const json::object* object = found ? found->if_object() : nullptr;
    return object ? *object : none;
}

fault fault_of(std::string_view method, bool posts, const json::object& reply) {
    const std::string code = one_line(text_of(reply, "error"), 80);
    const error_meaning meaning = meaning_of(code);
    std::string text = named(method) + (code.empty() ? "refused without a reason" : code);
    if (code == "missing_scope") {
        text += ", needed: " + one_line(text_of(reply, "needed"), 100);
    }
    if (!meaning.mend.empty()) {
        text.append("; ").append(meaning.mend);
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
    json::parse_options options;
    options.max_depth = deepest;
    json::error_code error;
    json::value body = json::parse(response.body, error, {}, options);
    json::object* reply = error ? nullptr : body.if_object();
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
