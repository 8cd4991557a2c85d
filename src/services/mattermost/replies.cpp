#include "services/mattermost/replies.hpp"

#include "base/text.hpp"
#include "services/retry_after.hpp"

#include <optional>
#include <string>

namespace hallpass::services::mattermost {

namespace json = boost::json;

namespace {

// While the first of two equal posts is still being saved: it is no failure.
constexpr std::string_view being_saved = "api.post.deduplicate_create_post.pending";
constexpr std::string_view root_is_gone = "api.post.create_post.root_id.app_error";

struct meaning {
    fault_kind kind;
    std::string_view mend; // "" where there is nothing to do
};

meaning meaning_of(std::string_view id, int status) noexcept {
    if (id == root_is_gone) {
        return {fault_kind::not_found, "the post it replies to is gone"};
    }
    switch (status) {
    case 401:
        return {
            fault_kind::unauthorised, "put the bot account's access token into mattermost.token, and see in "
                                      "the System Console that bot "
                                      "accounts and the bot are enabled"};
    case 403:
        return {
            fault_kind::permanent,
            "add the bot to the team and to the channel, or give it the role \"post:all\""};
    case 404:
        return {fault_kind::not_found, ""};
    case 429:
        return {fault_kind::rate_limited, ""};
    case 400:
    case 413:
        return {fault_kind::permanent, ""};
    case 501:
        return {fault_kind::unsupported, "the server has this feature switched off"};
    default:
        return {status >= 500 ? fault_kind::transient : fault_kind::permanent, ""};
    }
}

std::string named(std::string_view call) {
    return "Mattermost " + std::string(call) + ": ";
}

bool maybe_done(int status) noexcept {
    return status < 300 || status >= 500;
}

fault with_wait(fault made, const ports::http_response& response) {
    if (const auto wait = retry_after_of(response)) {
        made.set_retry_after(*wait);
    }
    return made;
}

// Proxies in front of the server answer in HTML, and its own 429 is plain text.
fault foreign(std::string_view call, bool posts, const ports::http_response& response) {
    if (response.status == 429) {
        return with_wait(
            fault(fault_kind::rate_limited, named(call) + "HTTP 429 " + one_line(response.body, 100)),
            response
        );
    }
    const std::string mend =
        response.status >= 500 ? "" : "; is mattermost.url right, or a proxy in between?";
    fault made(
        fault_kind::transient, named(call) + "HTTP " + std::to_string(response.status) +
                                   " with something that isn't Mattermost's answer: \"" +
                                   one_line(response.body, 100) + '"' + mend
    );
    made.set_uncertain(posts && maybe_done(response.status));
    return with_wait(std::move(made), response);
}

fault fault_of(
    std::string_view call, bool posts, const json::object& body, const ports::http_response& response
) {
    const std::string_view id = text_of(body, "id");
    const meaning what = meaning_of(id, response.status);
    std::string text = named(call) + "HTTP " + std::to_string(response.status) + ' ' + one_line(id, 100) +
                       ": " + one_line(text_of(body, "message"), 200);
    if (id == being_saved) {
        text += "; it is being saved";
    }
    if (!what.mend.empty()) {
        text.append("; ").append(what.mend);
    }
    fault made(what.kind, std::move(text));
    made.set_uncertain(posts && maybe_done(response.status));
    return with_wait(std::move(made), response);
}

} // namespace

result<json::value> read_reply(std::string_view call, bool posts, const ports::http_response& response) {
    std::optional<json::value> body = parse_foreign(response.body);
    if (!body) {
        return foreign(call, posts, response);
    }
    if (response.status >= 200 && response.status < 300) {
        return body->is_object() || body->is_array() ? result<json::value>(std::move(*body))
                                                     : foreign(call, posts, response);
    }
    const json::object* refusal = body->if_object();
    if (!refusal || !(refusal->contains("id") || refusal->contains("message"))) {
        return foreign(call, posts, response);
    }
    return fault_of(call, posts, *refusal, response);
}

} // namespace hallpass::services::mattermost
