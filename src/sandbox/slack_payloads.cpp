#include "sandbox/slack_payloads.hpp"

#include "base/text.hpp"
#include "sandbox/characters.hpp"
#include "sandbox/cluster_json.hpp"
#include "sandbox/slack_answers.hpp"
#include "sandbox/slack_view_check.hpp"

#include <utility>

namespace hallpass::sandbox {

namespace {

namespace json = boost::json;

json::object team_of(const slack_bot& bot) {
    return {{"id", bot.team_id}, {"domain", "sandbox"}};
}

json::object person(const slack_user& user) {
    return {{"id", user.id}, {"username", user.name}, {"name", user.name}, {"team_id", user.team_id}};
}

// Every button of the message, in order.
std::vector<clicked_button> buttons_in(const json::array& blocks) {
    std::vector<clicked_button> found;
    const auto take = [&](const std::string& block_id, const json::value& element) {
        if (element.is_object() && text_of(element.get_object(), "type") == "button") {
            found.push_back({block_id, element.get_object()});
        }
    };
    for (const json::value& block : blocks) {
        const json::object& object = block.as_object();
        const std::string id = text_of(object, "block_id");
        if (const json::value* accessory = object.if_contains("accessory")) {
            take(id, *accessory);
        }
        if (text_of(object, "type") == "actions") {
            for (const json::value& element : object.at("elements").as_array()) {
                take(id, element);
            }
        }
    }
    return found;
}

json::value text_value(const json::object& element, const json::object& given) {
    const std::string id = text_of(element, "action_id");
    std::string text = text_of(given, given.contains(id) ? std::string_view(id) : "reason");
    // Slack has null for what was left empty.
    return json::object{
        {"type", "plain_text_input"}, {"value", text.empty() ? json::value(nullptr) : json::value(text)}};
}

json::value ticked_value(const json::object& element, const json::object& given) {
    const std::string id = text_of(element, "action_id");
    const bool ticked = flag_of(given, given.contains(id) ? std::string_view(id) : "confirm", false);
    const json::value* options = element.if_contains("options");
    json::value selected = ticked && options != nullptr ? *options : json::value(json::array{});
    return json::object{{"type", "checkboxes"}, {"selected_options", std::move(selected)}};
}

bool is_empty(const json::value& value) {
    const json::object& object = value.as_object();
    if (const json::value* selected = object.if_contains("selected_options")) {
        return selected->as_array().empty();
    }
    return text_of(object, "value").empty();
}

// Why Slack's form would not send this; "" where it would.
std::string complaint(const json::object& block, const json::object& element, const json::value& value) {
    const std::string name = "the input " + one_line(text_of(element, "action_id"));
    if (is_empty(value)) {
        return flag_of(block, "optional", false) ? std::string() : name + " must be filled in";
    }
    const auto length = static_cast<double>(characters_in(text_of(value.as_object(), "value")));
    if (text_of(element, "type") == "plain_text_input" && length > number_of(element, "max_length", 3000)) {
        return name + " is too long";
    }
    return {};
}

} // namespace

std::optional<clicked_button> find_button(const json::array& blocks, const std::string& wanted) {
    json::array named = blocks;
    name_blocks(named);
    const std::vector<clicked_button> all = buttons_in(named);
    for (const clicked_button& button : all) {
        if (text_of(button.element, "action_id") == wanted) {
            return button;
        }
    }
    for (const clicked_button& button : all) {
        if (text_of(button.element, "action_id").find(wanted) != std::string::npos) {
            return button;
        }
    }
    return std::nullopt;
}

json::object block_actions_payload(const slack_click_event& click, const slack_bot& bot) {
    json::object action = click.button.element;
    action["block_id"] = click.button.block_id;
    action["action_ts"] = click.action_ts;
    json::object message = to_json(click.message, bot, true);
    if (json::value* blocks = message.if_contains("blocks")) {
        name_blocks(blocks->as_array());
    }
    const bool ephemeral = !click.message.ephemeral_for.empty();
    return {
        {"type", "block_actions"},
        {"team", team_of(bot)},
        {"enterprise", nullptr},
        {"is_enterprise_install", false},
        {"user", person(click.user)},
        {"api_app_id", bot.app_id},
        {"token", "sandbox-verification-token"},
        {"container",
         json::object{
             {"type", "message"},
             {"message_ts", click.message.ts},
             {"channel_id", click.channel.id},
             {"is_ephemeral", ephemeral}}},
        {"channel",
         json::object{
             {"id", click.channel.id},
             {"name", click.channel.im_user.empty() ? click.channel.name : "directmessage"}}},
        {"message", std::move(message)},
        {"state", json::object{{"values", json::object{}}}},
        {"trigger_id", click.trigger_id},
        {"response_url", click.response_url},
        {"actions", json::array{std::move(action)}}};
}

outcome<json::object> filled_values(const json::object& view, const json::object& given) {
    json::object values;
    for (const json::value& one : view.at("blocks").as_array()) {
        const json::object& block = one.as_object();
        if (text_of(block, "type") != "input") {
            continue;
        }
        const json::object& element = block.at("element").as_object();
        const std::string type = text_of(element, "type");
        if (type != "plain_text_input" && type != "checkboxes") {
            return refusal{refusal_code::unimplemented, "the sandbox can't fill in a " + one_line(type)};
        }
        json::value value = type == "checkboxes" ? ticked_value(element, given) : text_value(element, given);
        const std::string problem = complaint(block, element, value);
        if (!problem.empty() && !flag_of(given, "force", false)) {
            return refusal{refusal_code::failed_precondition, problem};
        }
        json::object by_action;
        by_action[text_of(element, "action_id")] = std::move(value);
        values[text_of(block, "block_id")] = std::move(by_action);
    }
    return values;
}

json::object view_submission_payload(
    const slack_view& view,
    const json::object& values,
    const slack_user& user,
    const std::string& trigger_id,
    const slack_bot& bot
) {
    json::object shown = view.shown;
    shown["state"] = json::object{{"values", values}};
    return {
        {"type", "view_submission"},
        {"team", team_of(bot)},
        {"enterprise", nullptr},
        {"is_enterprise_install", false},
        {"user", person(user)},
        {"api_app_id", bot.app_id},
        {"token", "sandbox-verification-token"},
        {"trigger_id", trigger_id},
        {"view", std::move(shown)},
        {"response_urls", json::array{}}};
}

} // namespace hallpass::sandbox
