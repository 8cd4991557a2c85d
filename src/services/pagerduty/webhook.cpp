#include "services/pagerduty/webhook.hpp"

#include "base/text.hpp"
#include "services/display_text.hpp"
#include "services/json_members.hpp"
#include "services/pagerduty/directory.hpp"

#include <algorithm>

namespace hallpass::services::pagerduty {

namespace json = boost::json;

namespace {

constexpr std::size_t longest_event_id = 100;
constexpr std::size_t reason_bytes = 2000;

bool is_plain(std::string_view id) noexcept {
    return !id.empty() && id.size() <= longest_event_id &&
           std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

hint_kind kind_of(const json::object& event, const json::object& data) {
    const std::string_view type = text_of(event, "event_type");
    if (type == "incident.annotated" && text_of(data, "type") == "incident_note") {
        return hint_kind::note;
    }
    // One of the three that a run goes through, so that it counts once.
    if (type == "incident.action_invocation.created" &&
        text_of(data, "type") == "incident_action_invocation") {
        return hint_kind::action;
    }
    return hint_kind::none;
}

// A run's id is a ULID, a note's one of PagerDuty's own.
bool are_ids(const webhook_event& read) noexcept {
    return is_id(read.incident) && is_id(read.agent) && is_id(read.thing);
}

} // namespace

std::optional<webhook_event> read_webhook(std::string_view body) {
    const std::optional<json::value> parsed = parse_foreign(body);
    const json::object* whole = parsed ? parsed->if_object() : nullptr;
    if (whole == nullptr) {
        return std::nullopt;
    }
    const json::object& event = object_of(*whole, "event");
    const json::object& data = object_of(event, "data");
    webhook_event read;
    read.id = text_of(event, "id");
    if (!is_plain(read.id)) {
        return std::nullopt;
    }
    read.occurred = parse_rfc3339(text_of(event, "occurred_at"));
    read.kind = kind_of(event, data);
    if (read.kind == hint_kind::none) {
        return read;
    }
    const json::object& agent = object_of(event, "agent");
    read.incident = text_of(object_of(data, "incident"), "id");
    read.thing = text_of(data, "id");
    read.agent = text_of(agent, "type") == "user_reference" ? text_of(agent, "id") : std::string_view();
    if (!are_ids(read)) {
        read.kind = hint_kind::none;
    }
    return read;
}

std::optional<note_words> read_note(std::string_view content) {
    const std::string_view text = trimmed(content);
    const std::size_t end = text.find_first_of(":\r\n");
    const std::string word = lower_case(trimmed(text.substr(0, end)));
    note_words read;
    if (word == "approve") {
        read.what = access::verdict::approve;
    } else if (word != "deny") {
        return std::nullopt;
    }
    if (end != std::string_view::npos) {
        std::string_view reason = trimmed(text.substr(end));
        // "approve:" and then the reason below it.
        if (reason.starts_with(':')) {
            reason = trimmed(reason.substr(1));
        }
        read.reason = display_lines(reason, reason_bytes);
    }
    return read;
}

} // namespace hallpass::services::pagerduty
