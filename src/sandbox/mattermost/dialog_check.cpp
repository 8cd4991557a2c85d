#include "sandbox/mattermost/dialog_check.hpp"

#include "sandbox/characters.hpp"
#include "sandbox/cluster_json.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <map>

namespace hallpass::sandbox::mattermost {

namespace json = boost::json;

namespace {

const json::array* list_in(const json::object& from, const char* name) {
    const json::value* found = from.if_contains(name);
    return found == nullptr ? nullptr : found->if_array();
}

std::string problem_of_action(const json::value& value) {
    const json::object* action = value.if_object();
    if (action == nullptr) {
        return "an action is no object";
    }
    const std::string id = text_of(*action, "id");
    const bool letters = !id.empty() && std::ranges::all_of(id, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    });
    const json::value* integration = action->if_contains("integration");
    const bool has_url = integration != nullptr && integration->is_object() &&
                         text_of(integration->get_object(), "url").starts_with("http");
    if (!letters || text_of(*action, "name").empty() || !has_url) {
        return "an action needs an id of letters and digits, a name, and an integration with a url";
    }
    return "";
}

std::string problem_of_element(const json::value& value) {
    const std::map<std::string, std::size_t> types{{"text", 150}, {"textarea", 3000}, {"bool", 0}};
    const json::object* element = value.if_object();
    if (element == nullptr) {
        return "an element is no object";
    }
    const auto type = types.find(text_of(*element, "type"));
    if (type == types.end()) {
        return "an element has no known type";
    }
    const std::string label = text_of(*element, "display_name");
    if (label.empty() || characters_in(label) > 24 || text_of(*element, "name").empty()) {
        return "an element needs a name, and a display_name of at most 24 characters";
    }
    const double most = number_of(*element, "max_length", 0);
    if (most < 0 || most > static_cast<double>(type->second) ||
        characters_in(text_of(*element, "help_text")) > 150 ||
        characters_in(text_of(*element, "placeholder")) > 150) {
        return "an element's max_length, help_text or placeholder is too long";
    }
    return "";
}

} // namespace

std::string problem_of_attachments(const json::object& props) {
    const json::array* attachments = list_in(props, "attachments");
    for (const json::value& one : attachments == nullptr ? json::array() : *attachments) {
        if (!one.is_object()) {
            return "an attachment is no object";
        }
        const json::array* actions = list_in(one.get_object(), "actions");
        for (const json::value& action : actions == nullptr ? json::array() : *actions) {
            if (std::string problem = problem_of_action(action); !problem.empty()) {
                return problem;
            }
        }
    }
    return "";
}

std::string problem_of_dialog(const json::object& dialog) {
    const std::string title = text_of(dialog, "title");
    if (title.empty() || characters_in(title) > 24) {
        return "a dialog needs a title of at most 24 characters";
    }
    const json::array* elements = list_in(dialog, "elements");
    for (const json::value& one : elements == nullptr ? json::array() : *elements) {
        if (std::string problem = problem_of_element(one); !problem.empty()) {
            return problem;
        }
    }
    return "";
}

} // namespace hallpass::sandbox::mattermost
