#include "services/discord/interaction.hpp"

#include "services/discord/account.hpp"
#include "services/discord/messages.hpp"
#include "services/discord/review_ids.hpp"
#include "services/display_text.hpp"
#include "services/json_members.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <utility>

namespace hallpass::services::discord {

namespace json = boost::json;
using access::verdict;

namespace {

constexpr int of_ping = 1;
constexpr int of_component = 3;
constexpr int of_form = 5;

constexpr std::size_t token_bytes = 1000;
constexpr std::size_t reason_bytes = 4 * reason_characters;
constexpr std::size_t reason_lines = 50;
constexpr std::size_t most_components = 10;

bool is_plain(std::string_view text, std::size_t at_most, std::string_view others) {
    return !text.empty() && text.size() <= at_most && std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               others.find(c) != std::string_view::npos;
    });
}

bool is_number(const json::object& from, std::string_view name, int wanted) {
    const json::value* found = from.if_contains(name);
    const std::int64_t* number = found ? found->if_int64() : nullptr;
    return number && *number == wanted;
}

std::string_view word_for(verdict what) {
    return access::to_string(what);
}

// "approve:ID" behind a prefix.
std::optional<std::pair<verdict, std::string>> read_target(std::string_view id, std::string_view prefix) {
    if (!id.starts_with(prefix)) {
        return std::nullopt;
    }
    id.remove_prefix(prefix.size());
    const std::size_t colon = id.find(':');
    if (colon == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view word = id.substr(0, colon);
    const std::string_view request = id.substr(colon + 1);
    const bool approves = word == word_for(verdict::approve);
    if ((!approves && word != word_for(verdict::deny)) || !is_plain(request, decidable_id_bytes, "-_.")) {
        return std::nullopt;
    }
    return std::pair(approves ? verdict::approve : verdict::deny, std::string(request));
}

// The message must be the card of that request, and must be where the interaction is.
bool is_on_card(const json::object& payload, const std::string& request_id) {
    const json::object& message = object_of(payload, "message");
    return !text_of(message, "id").empty() &&
           text_of(message, "channel_id") == text_of(payload, "channel_id") &&
           carries(message, access::delivery_key(request_id, "card"));
}

interaction read_click(const json::object& payload) {
    const json::object& data = object_of(payload, "data");
    auto target = read_target(text_of(data, "custom_id"), button_id);
    auto who = read_account(payload);
    if (!target || !who || !is_number(data, "component_type", component::button) ||
        !is_on_card(payload, target->second)) {
        return {};
    }
    return button_click{std::move(target->second), target->first, *std::move(who)};
}

std::optional<form_facts> read_form_id(std::string_view id) {
    const bool confirm = id.starts_with(confirming_form_id);
    auto target = read_target(id, confirm ? confirming_form_id : form_id);
    if (!target) {
        return std::nullopt;
    }
    return form_facts{std::move(target->second), target->first, confirm};
}

// The field of that name, in a label, or in a row as it was before there were labels.
const json::object& field_of(const json::object& data, std::string_view name) {
    static const json::object none;
    const json::value* found = data.if_contains("components");
    const json::array* all = found ? found->if_array() : nullptr;
    if (all == nullptr || all->size() > most_components) {
        return none;
    }
    for (const json::value& one : *all) {
        const json::object* holder = one.if_object();
        if (holder == nullptr) {
            continue;
        }
        const json::object& inside = object_of(*holder, "component");
        if (text_of(inside, "custom_id") == name) {
            return inside;
        }
        const json::value* row = holder->if_contains("components");
        const json::array* fields = row ? row->if_array() : nullptr;
        const bool single = fields != nullptr && fields->size() == 1 && fields->front().is_object();
        if (single && text_of(fields->front().get_object(), "custom_id") == name) {
            return fields->front().get_object();
        }
    }
    return none;
}

bool is_confirmed(const json::object& data) {
    const json::value* found = field_of(data, confirm_id).if_contains("values");
    const json::array* values = found ? found->if_array() : nullptr;
    return values != nullptr && std::any_of(values->begin(), values->end(), [](const json::value& one) {
               return one.is_string() && one.get_string() == confirm_value;
           });
}

interaction read_form(const json::object& payload) {
    const json::object& data = object_of(payload, "data");
    auto facts = read_form_id(text_of(data, "custom_id"));
    auto who = read_account(payload);
    const std::string_view token = text_of(payload, "token");
    if (!facts || !who || !is_interaction_token(token) || !is_on_card(payload, facts->request_id)) {
        return {};
    }
    form_sent sent;
    sent.about = *std::move(facts);
    sent.person = *std::move(who);
    sent.reason = display_lines(text_of(field_of(data, reason_id), "value"), reason_bytes, reason_lines);
    sent.confirmed = is_confirmed(data);
    sent.token = token;
    return sent;
}

} // namespace

std::optional<json::object> read_payload(std::string_view body) {
    if (body.size() > largest_callback) {
        return std::nullopt;
    }
    auto parsed = parse_foreign(body);
    if (!parsed || !parsed->is_object()) {
        return std::nullopt;
    }
    return std::move(parsed->get_object());
}

interaction read_interaction(const json::object& payload) {
    if (is_number(payload, "type", of_ping)) {
        return ping();
    }
    if (is_number(payload, "type", of_component)) {
        return read_click(payload);
    }
    return is_number(payload, "type", of_form) ? read_form(payload) : interaction();
}

bool is_interaction_token(std::string_view text) {
    return is_plain(text, token_bytes, "-_.=");
}

bool names_ours(const json::object& payload) {
    const std::string_view id = text_of(object_of(payload, "data"), "custom_id");
    return id.starts_with(button_id) || id.starts_with(form_id) || id.starts_with(confirming_form_id);
}

bool is_for(const json::object& payload, std::string_view application) {
    return !application.empty() && text_of(payload, "application_id") == application;
}

std::string button_custom_id(verdict what, std::string_view request_id) {
    return std::string(button_id).append(word_for(what)).append(":").append(request_id);
}

std::string form_custom_id(const form_facts& facts) {
    return std::string(facts.confirm ? confirming_form_id : form_id)
        .append(word_for(facts.what))
        .append(":")
        .append(facts.request_id);
}

} // namespace hallpass::services::discord
