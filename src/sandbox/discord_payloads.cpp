#include "sandbox/discord_payloads.hpp"

#include "base/text.hpp"
#include "sandbox/characters.hpp"
#include "sandbox/cluster_json.hpp"
#include "sandbox/discord_json.hpp"

#include <utility>

namespace hallpass::sandbox {

namespace {

namespace json = boost::json;

constexpr const char* guild = "1500000000000000001";
constexpr int of_click = 3;
constexpr int of_form = 5;

json::value filled(const json::object& field, const json::object& given) {
    const std::string id = text_of(field, "custom_id");
    json::object value{{"type", field.at("type")}, {"custom_id", id}};
    if (number_of(field, "type", 0) == 4) {
        value["value"] = text_of(given, given.contains(id) ? std::string_view(id) : "reason");
        return value;
    }
    json::array chosen;
    if (flag_of(given, given.contains(id) ? std::string_view(id) : "confirm", false)) {
        for (const json::value& option : field.at("options").as_array()) {
            chosen.push_back(option.at("value"));
        }
    }
    value["values"] = std::move(chosen);
    return value;
}

// Why Discord's form would not send this; "" where it would.
std::string complaint(const json::object& field, const json::object& value) {
    const std::string name = "the field " + one_line(text_of(field, "custom_id"));
    const json::value* values = value.if_contains("values");
    const std::string text = text_of(value, "value");
    const bool empty = values != nullptr ? values->as_array().empty() : trimmed(text).empty();
    if (empty && flag_of(field, "required", true)) {
        return name + " must be filled in";
    }
    const auto length = static_cast<double>(characters_in(text));
    return length > number_of(field, "max_length", 4000) ? name + " is too long" : std::string();
}

json::object shown_channel(const discord_channel& channel) {
    json::object shown{{"id", channel.id}, {"type", channel.recipient.empty() ? 0 : 1}};
    if (channel.recipient.empty()) {
        shown["name"] = channel.name;
        shown["guild_id"] = guild;
        shown["position"] = 0;
    }
    return shown;
}

} // namespace

std::string find_custom_id(const discord_message& message, const std::string& wanted) {
    std::string resembling;
    for (const json::value& row : message.components) {
        for (const json::value& button : row.at("components").as_array()) {
            std::string id = text_of(button.as_object(), "custom_id");
            if (id == wanted) {
                return id;
            }
            if (resembling.empty() && id.find(wanted) != std::string::npos) {
                resembling = id;
            }
        }
    }
    return resembling;
}

json::object interaction_payload(
    const discord_interaction& what,
    const discord_user& user,
    const discord_channel& channel,
    const discord_message& message,
    const discord_bot& bot
) {
    const bool direct = !channel.recipient.empty();
    json::object payload{
        {"id", what.id},
        {"application_id", bot.application_id},
        {"type", what.of_form ? of_form : of_click},
        {"token", what.token},
        {"version", 1},
        {"channel_id", channel.id},
        {"channel", shown_channel(channel)},
        {"message", to_json(message, channel.id, bot)},
        {"context", direct ? 1 : 0},
        {"locale", "en-GB"},
        {"entitlements", json::array()},
        {"attachment_size_limit", 10'485'760},
    };
    if (direct) {
        payload["user"] = to_json(user);
        return payload;
    }
    payload["guild_id"] = guild;
    payload["member"] = json::object{
        {"user", to_json(user)}, {"nick", nullptr}, {"roles", json::array()}, {"flags", 0},
        {"pending", false},
    };
    return payload;
}

json::object click_data(const std::string& custom_id) {
    return {{"component_type", 2}, {"custom_id", custom_id}};
}

outcome<json::object> form_data(const discord_modal& form, const json::object& given) {
    json::array filled_in;
    int id = 0;
    for (const json::value& one : form.shown.at("components").as_array()) {
        const json::object& shown = one.as_object();
        json::object told{{"type", shown.at("type")}, {"id", ++id}};
        if (const json::value* inside = shown.if_contains("component")) {
            json::value value = filled(inside->as_object(), given);
            const std::string problem = complaint(inside->as_object(), value.as_object());
            if (!problem.empty() && !flag_of(given, "force", false)) {
                return refusal{refusal_code::failed_precondition, problem};
            }
            told["component"] = std::move(value);
        }
        filled_in.push_back(std::move(told));
    }
    return json::object{{"custom_id", form.shown.at("custom_id")}, {"components", std::move(filled_in)}};
}

} // namespace hallpass::sandbox
