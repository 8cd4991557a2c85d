#include "sandbox/msteams/calls.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>

namespace hallpass::sandbox::msteams {

namespace json = boost::json;

namespace {

std::string text_at(const json::object& in, std::string_view name) {
    const json::value* found = in.if_contains(name);
    return found && found->is_string() ? std::string(found->get_string()) : std::string();
}

std::string check_elements(const json::object& in, std::string_view name);

std::string check_action(const json::object& action) {
    const std::string type = text_at(action, "type");
    if (text_at(action, "title").empty()) {
        return "an action without a title";
    }
    if (type == "Action.OpenUrl") {
        return text_at(action, "url").starts_with("https://") ? "" : "Action.OpenUrl without a url";
    }
    if (type != "Action.Execute" && type != "Action.Submit") {
        return "no such action: " + type;
    }
    return text_at(action, "verb").empty() ? "Action.Execute without a verb" : "";
}

std::string check_runs(const json::object& element) {
    const json::value* inlines = element.if_contains("inlines");
    if (!inlines || !inlines->is_array() || inlines->get_array().empty()) {
        return "a RichTextBlock without inlines";
    }
    for (const json::value& run : inlines->get_array()) {
        if (!run.is_object() || text_at(run.get_object(), "type") != "TextRun" ||
            text_at(run.get_object(), "text").empty()) {
            return "a RichTextBlock with something else than texts";
        }
    }
    return "";
}

std::string check_element(const json::object& element) {
    const std::string type = text_at(element, "type");
    if (type == "RichTextBlock") {
        return check_runs(element);
    }
    if (type == "TextBlock") {
        return text_at(element, "text").empty() ? "a TextBlock without text" : "";
    }
    if (type == "Container") {
        return check_elements(element, "items");
    }
    if (type == "Input.Text" || type == "Input.Toggle") {
        return text_at(element, "id").empty() ? "an input without an id" : "";
    }
    if (type != "ActionSet") {
        return "no such element: " + type;
    }
    const json::value* actions = element.if_contains("actions");
    if (!actions || !actions->is_array() || actions->get_array().empty() || actions->get_array().size() > 6) {
        return "an ActionSet with none or too many actions";
    }
    for (const json::value& action : actions->get_array()) {
        std::string problem = action.is_object() ? check_action(action.get_object()) : "no action";
        if (!problem.empty()) {
            return problem;
        }
    }
    return "";
}

std::string check_elements(const json::object& in, std::string_view name) {
    const json::value* elements = in.if_contains(name);
    if (!elements || !elements->is_array()) {
        return std::string(name) + " is missing";
    }
    for (const json::value& element : elements->get_array()) {
        std::string problem = element.is_object() ? check_element(element.get_object()) : "no element";
        if (!problem.empty()) {
            return problem;
        }
    }
    return "";
}

} // namespace

std::string problem_with_card(const json::object& card) {
    constexpr std::array<std::string_view, 4> versions{"1.2", "1.3", "1.4", "1.5"};
    if (text_at(card, "type") != "AdaptiveCard" ||
        std::ranges::find(versions, text_at(card, "version")) == versions.end()) {
        return "no AdaptiveCard of a version that Teams knows";
    }
    if (const json::value* refresh = card.if_contains("refresh")) {
        const json::value* action =
            refresh->is_object() ? refresh->get_object().if_contains("action") : nullptr;
        if (!action || !action->is_object() || !check_action(action->get_object()).empty()) {
            return "refresh without an action";
        }
    }
    return check_elements(card, "body");
}

} // namespace hallpass::sandbox::msteams
