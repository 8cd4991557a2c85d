#include "services/jira/webhook.hpp"

#include "base/text.hpp"
#include "services/display_text.hpp"
#include "services/json_members.hpp"

#include <algorithm>
#include <cstdint>

namespace hallpass::services::jira {

namespace json = boost::json;

namespace {

constexpr std::size_t deepest = 64;
constexpr std::size_t most_digits = 18;
constexpr std::int64_t latest = 32'503'680'000'000; // the year 3000
constexpr std::size_t reason_bytes = 4000;

bool moves(const json::object& event) {
    const json::array& items = array_of(object_of(event, "changelog"), "items");
    return std::any_of(items.begin(), items.end(), [](const json::value& member) {
        const json::object* item = member.if_object();
        return item && text_of(*item, "field") == "status";
    });
}

// What stands behind the word and its colon; nothing where the line begins otherwise.
std::optional<std::string_view> behind_word(std::string_view line) {
    const std::string_view text = trimmed(line);
    for (const std::string_view word : {"reason", "resolution"}) {
        if (lower_case(text.substr(0, word.size())) != word) {
            continue;
        }
        const std::string_view rest = trimmed(text.substr(word.size()));
        if (rest.starts_with(':')) {
            return trimmed(rest.substr(1));
        }
    }
    return std::nullopt;
}

} // namespace

bool is_issue_id(std::string_view text) noexcept {
    return !text.empty() && text.size() <= most_digits &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<issue_moved> read_webhook(std::string_view body) {
    const auto parsed = parse_foreign(body, deepest);
    const json::object* event = parsed ? parsed->if_object() : nullptr;
    if (!event || text_of(*event, "webhookEvent") != "jira:issue_updated" || !moves(*event)) {
        return std::nullopt;
    }
    const json::value* at = event->if_contains("timestamp");
    const std::string_view id = text_of(object_of(*event, "issue"), "id");
    if (!is_issue_id(id) || !at || !at->is_int64() || at->get_int64() < 0 || at->get_int64() > latest) {
        return std::nullopt;
    }
    return issue_moved{std::string(id), instant(std::chrono::milliseconds(at->get_int64()))};
}

std::string reason_in(std::string_view comment) {
    std::size_t begin = 0;
    while (begin <= comment.size()) {
        const std::size_t end = std::min(comment.find('\n', begin), comment.size());
        if (const auto rest = behind_word(comment.substr(begin, end - begin))) {
            const std::string_view after = comment.substr(std::min(end + 1, comment.size()));
            return display_lines(trimmed(rest->empty() ? after : *rest), reason_bytes);
        }
        begin = end + 1;
    }
    return "";
}

} // namespace hallpass::services::jira
