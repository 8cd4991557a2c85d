#include "sandbox/discord_response_check.hpp"

#include "sandbox/characters.hpp"
#include "sandbox/cluster_json.hpp"

#include <set>
#include <string_view>

namespace hallpass::sandbox {

namespace {

namespace json = boost::json;

bool is_of_length(const json::object& from, std::string_view name, std::size_t most) {
    const std::size_t size = characters_in(text_of(from, name));
    return size > 0 && size <= most;
}

const json::array& list_of(const json::object& from, std::string_view name) {
    static const json::array none;
    const json::value* found = from.if_contains(name);
    return found != nullptr && found->is_array() ? found->get_array() : none;
}

const json::object& object_in(const json::object& from, std::string_view name) {
    static const json::object none;
    const json::value* found = from.if_contains(name);
    return found != nullptr && found->is_object() ? found->get_object() : none;
}

int type_of(const json::object& one) {
    return static_cast<int>(number_of(one, "type", 0));
}

// Looks at the parts one after the other, and keeps what each custom_id must be: there, short, and alone.
class component_check {
public:
    std::string button(const json::object& one) {
        const int style = static_cast<int>(number_of(one, "style", 0));
        if (type_of(one) != 2 || style < 1 || style > 5) {
            return "a row holds something that is no button";
        }
        if (!is_of_length(one, "label", 80)) {
            return "a button's label has not 1 to 80 characters";
        }
        return style == 5 ? std::string() : name(one);
    }

    std::string text_input(const json::object& one) {
        const double style = number_of(one, "style", 0);
        const double longest = number_of(one, "max_length", 4000);
        if (style != 1 && style != 2) {
            return "a text input's style is neither 1 nor 2";
        }
        if (longest < 1 || longest > 4000 || characters_in(text_of(one, "placeholder")) > 100) {
            return "a text input's max_length or placeholder is out of bounds";
        }
        return name(one);
    }

    std::string select(const json::object& one) {
        const json::array& options = list_of(one, "options");
        if (options.empty() || options.size() > 25) {
            return "a select has not 1 to 25 options";
        }
        for (const json::value& option : options) {
            const json::object* shown = option.if_object();
            if (!shown || !is_of_length(*shown, "label", 100) || !is_of_length(*shown, "value", 100)) {
                return "an option's label or value has not 1 to 100 characters";
            }
        }
        return name(one);
    }

    std::string in_form(const json::object& one) {
        switch (type_of(one)) {
        case 10:
            return is_of_length(one, "content", 4000) ? "" : "a text has not 1 to 4000 characters";
        case 18:
            return label(one);
        default:
            return "a form holds something that is neither a text nor a label";
        }
    }

private:
    std::string label(const json::object& one) {
        if (!is_of_length(one, "label", 45) || characters_in(text_of(one, "description")) > 100) {
            return "a label has not 1 to 45 characters, or its description more than 100";
        }
        const json::object& inside = object_in(one, "component");
        switch (type_of(inside)) {
        case 3:
            return select(inside);
        case 4:
            return text_input(inside);
        default:
            return "a label holds neither a select nor a text input";
        }
    }

    std::string name(const json::object& one) {
        if (!is_of_length(one, "custom_id", 100)) {
            return "a custom_id has not 1 to 100 characters";
        }
        return names_.insert(text_of(one, "custom_id")).second ? "" : "a custom_id is there twice";
    }

    std::set<std::string> names_;
};

std::string problem_of_form(const json::object& form) {
    if (!is_of_length(form, "custom_id", 100)) {
        return "the form's custom_id has not 1 to 100 characters";
    }
    if (!is_of_length(form, "title", 45)) {
        return "the form's title has not 1 to 45 characters";
    }
    const json::array& components = list_of(form, "components");
    if (components.empty() || components.size() > 5) {
        return "the form has not 1 to 5 components";
    }
    component_check check;
    for (const json::value& one : components) {
        std::string problem = one.is_object() ? check.in_form(one.get_object()) : "no object";
        if (!problem.empty()) {
            return problem;
        }
    }
    return "";
}

} // namespace

std::string problem_of_components(const json::array& rows) {
    if (rows.size() > 5) {
        return "there are more than 5 rows";
    }
    component_check check;
    for (const json::value& row : rows) {
        const json::object* one = row.if_object();
        if (one == nullptr || type_of(*one) != 1) {
            return "a row's type is not 1";
        }
        const json::array& buttons = list_of(*one, "components");
        if (buttons.empty() || buttons.size() > 5) {
            return "a row has not 1 to 5 buttons";
        }
        for (const json::value& button : buttons) {
            std::string problem =
                button.is_object() ? check.button(button.get_object()) : "a button is no object";
            if (!problem.empty()) {
                return problem;
            }
        }
    }
    return "";
}

std::string problem_of_content(const json::object& message) {
    return is_of_length(message, "content", 2000) ? "" : "the content has not 1 to 2000 characters";
}

std::string problem_of_response(const json::value& response, bool to_form) {
    const json::object* said = response.if_object();
    if (said == nullptr) {
        return "the answer is no JSON object";
    }
    const json::object& data = object_in(*said, "data");
    switch (type_of(*said)) {
    case 4:
    case 7:
        return problem_of_content(data);
    case 5:
    case 6:
        return "";
    case 9:
        return to_form ? "a form is answered with a form" : problem_of_form(data);
    default:
        return "the answer's type is none of 4, 5, 6, 7 and 9";
    }
}

} // namespace hallpass::sandbox
