#include "services/msteams/activity.hpp"

#include "base/text.hpp"
#include "services/display_text.hpp"
#include "services/json_members.hpp"
#include "services/msteams/decision_form.hpp"
#include "services/msteams/ids.hpp"

#include <algorithm>
#include <utility>

namespace hallpass::services::msteams {

namespace json = boost::json;
using access::verdict;

namespace {

constexpr std::size_t longest_activity_id = 300;
constexpr std::size_t longest_proof = 64;
constexpr std::size_t reason_bytes = 4 * reason_characters;
constexpr std::size_t reason_lines = 50;

bool is_request_id(std::string_view text) {
    return !text.empty() && text.size() <= decidable_id_bytes &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                      c == '-' || c == '_' || c == '.';
           });
}

// The conversation's tenant, where it is said, must be the same.
std::string tenant_of(const json::object& from) {
    const std::string tenant = lower_case(text_of(object_of(object_of(from, "channelData"), "tenant"), "id"));
    const json::object& conversation = object_of(from, "conversation");
    const bool agrees =
        !conversation.contains("tenantId") || lower_case(text_of(conversation, "tenantId")) == tenant;
    return is_guid(tenant) && agrees ? tenant : std::string();
}

// True of what a person pressed. Clients send the refresh by themselves, and say so.
bool is_manual(const json::object& value) {
    return !value.contains("trigger") || text_of(value, "trigger") == "manual";
}

std::optional<card_action> read_action(const json::object& from) {
    const json::object& value = object_of(from, "value");
    const json::object& pressed = object_of(value, "action");
    const json::object& data = object_of(pressed, "data");
    const json::object& ours = object_of(data, data_member);
    const std::string_view verb = text_of(pressed, "verb");
    const bool decides = verb == approve_verb || verb == deny_verb;
    if (text_of(from, "type") != "invoke" || text_of(from, "name") != "adaptiveCard/action" ||
        text_of(pressed, "type") != "Action.Execute" || (!decides && verb != refresh_verb)) {
        return std::nullopt;
    }
    card_action made;
    made.id = text_of(from, "id");
    made.who.object_id = lower_case(text_of(object_of(from, "from"), "aadObjectId"));
    made.who.tenant = tenant_of(from);
    made.request_id = text_of(ours, "request");
    made.proof = text_of(ours, "proof");
    if (made.id.empty() || made.id.size() > longest_activity_id || !is_guid(made.who.object_id) ||
        !is_request_id(made.request_id) || made.proof.size() > longest_proof) {
        return std::nullopt;
    }
    if (decides && is_manual(value)) {
        made.what = verb == approve_verb ? verdict::approve : verdict::deny;
    }
    made.reason = display_lines(text_of(data, reason_input), reason_bytes, reason_lines);
    made.confirmed = text_of(data, confirm_input) == "true";
    return made;
}

} // namespace

std::optional<activity> read_activity(std::string_view body) {
    const auto parsed = body.size() <= largest_activity ? parse_foreign(body) : std::nullopt;
    if (!parsed || !parsed->is_object()) {
        return std::nullopt;
    }
    const json::object& from = parsed->get_object();
    activity made;
    made.channel = text_of(from, "channelId");
    made.service_url = text_of(from, "serviceUrl");
    made.action = read_action(from);
    return made;
}

} // namespace hallpass::services::msteams
