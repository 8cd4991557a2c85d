#include "services/msteams/replies.hpp"

#include "base/text.hpp"
#include "services/msteams/errors.hpp"
#include "services/retry_after.hpp"

#include <optional>
#include <string>

namespace hallpass::services::msteams {

namespace json = boost::json;

namespace {

bool maybe_done(int status) noexcept {
    return status < 300 || status >= 500;
}

std::string named(std::string_view call) {
    return "Teams " + std::string(call) + ": ";
}

fault with_wait(fault made, const ports::http_response& response) {
    if (const auto wait = retry_after_of(response)) {
        made.set_retry_after(*wait);
    }
    return made;
}

fault foreign(std::string_view call, bool posts, const ports::http_response& response) {
    const error_meaning meaning = meaning_of("", response.status);
    const bool succeeded = response.status < 300;
    std::string text = named(call) + "HTTP " + std::to_string(response.status) +
                       " with something that isn't Microsoft's answer: \"" + one_line(response.body, 100) +
                       '"';
    if (!succeeded && !meaning.mend.empty()) {
        text.append("; ").append(meaning.mend);
    }
    // Whoever else answers for Microsoft may be gone soon; that a message isn't there only Microsoft can say.
    const bool passing = succeeded || meaning.kind == fault_kind::not_found;
    fault made(passing ? fault_kind::transient : meaning.kind, std::move(text));
    made.set_uncertain(posts && maybe_done(response.status));
    return with_wait(std::move(made), response);
}

// The connector nests its own code: {"errorCode": 209, "message": "{\"subCode\": \"MessageWritesBlocked\",
// …}"}.
std::string code_of(const json::object& body) {
    const json::object& error = object_of(body, "error");
    for (const json::object* from : {&error, &body}) {
        if (const auto nested = parse_foreign(text_of(*from, "message"), 4); nested && nested->is_object()) {
            const std::string_view sub = text_of(nested->get_object(), "subCode");
            if (!sub.empty()) {
                return std::string(sub);
            }
        }
    }
    const std::string_view sub = text_of(body, "subCode");
    return std::string(sub.empty() ? text_of(error, "code") : sub);
}

fault fault_of(
    std::string_view call, bool posts, const json::object& body, const ports::http_response& response
) {
    const std::string code = code_of(body);
    const error_meaning meaning = meaning_of(code, response.status);
    const std::string_view said = text_of(object_of(body, "error"), "message");
    std::string text = named(call) + "HTTP " + std::to_string(response.status) + ' ' + one_line(code, 60) +
                       ' ' + one_line(said.empty() ? text_of(body, "message") : said, 120);
    if (!meaning.mend.empty()) {
        text.append("; ").append(meaning.mend);
    }
    fault made(meaning.kind, std::move(text));
    made.set_uncertain(posts && maybe_done(response.status));
    return with_wait(std::move(made), response);
}

} // namespace

result<json::object> read_reply(std::string_view call, bool posts, const ports::http_response& response) {
    const bool succeeded = response.status >= 200 && response.status < 300;
    if (succeeded && trimmed(response.body).empty()) {
        return json::object();
    }
    std::optional<json::value> body = parse_foreign(response.body);
    if (!body || !body->is_object()) {
        return foreign(call, posts, response);
    }
    if (succeeded) {
        return std::move(body->get_object());
    }
    const json::object& refusal = body->get_object();
    if (!refusal.contains("error") && !refusal.contains("message") && !refusal.contains("subCode")) {
        return foreign(call, posts, response);
    }
    return fault_of(call, posts, refusal, response);
}

} // namespace hallpass::services::msteams
