#include "sandbox/slack_block_check.hpp"

#include "sandbox/characters.hpp"
#include "sandbox/slack_limits.hpp"

#include <boost/json/object.hpp>

#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace hallpass::sandbox {

namespace {

namespace json = boost::json;

constexpr std::size_t max_id = 255;

// Collects the first problem found, with the place it stands at.
class block_checker {
public:
    const std::string& problem() const noexcept { return problem_; }

    void check(const json::value& block, std::size_t index) {
        at_ = "blocks[" + std::to_string(index) + "]";
        const json::object* object = block.if_object();
        if (object == nullptr) {
            fail("is not an object");
            return;
        }
        check_id(*object, "block_id", block_ids_);
        const std::string_view type = text_at(*object, "type");
        if (type == "section") {
            check_section(*object);
        } else if (type == "header") {
            check_text(*object, "text", 150, "plain_text");
        } else if (type == "context") {
            check_elements(*object, 10);
        } else if (type == "actions") {
            check_actions(*object);
        } else if (type == "input") {
            check_input(*object);
        } else if (type == "rich_text") {
            list_at(*object, "elements");
        } else if (type == "image") {
            if (text_at(*object, "alt_text").empty()) {
                fail("needs an alt_text");
            }
        } else if (type != "divider") {
            fail("has an unknown type");
        }
    }

private:
    void fail(std::string_view what) {
        if (problem_.empty()) {
            problem_ = at_ + ' ' + std::string(what);
        }
    }

    static std::string_view text_at(const json::object& object, std::string_view key) {
        const json::value* found = object.if_contains(key);
        return found != nullptr && found->is_string() ? std::string_view(found->get_string())
                                                      : std::string_view();
    }

    const json::array* list_at(const json::object& object, std::string_view key) {
        const json::value* found = object.if_contains(key);
        if (found == nullptr || !found->is_array() || found->get_array().empty()) {
            fail("needs a list of " + std::string(key));
            return nullptr;
        }
        return &found->get_array();
    }

    void check_id(const json::object& object, std::string_view key, std::set<std::string>& seen) {
        const std::string id(text_at(object, key));
        if (id.empty()) {
            return;
        }
        if (characters_in(id) > max_id) {
            fail(std::string(key) + " is longer than 255 characters");
        }
        if (!seen.insert(id).second) {
            fail(std::string(key) + " is used twice");
        }
    }

    void check_text_object(const json::value* value, std::size_t limit, std::string_view required_type) {
        const json::object* text = value == nullptr ? nullptr : value->if_object();
        if (text == nullptr) {
            fail("needs a text object");
            return;
        }
        const std::string_view type = text_at(*text, "type");
        const std::size_t size = characters_in(text_at(*text, "text"));
        if (type != "plain_text" && (type != "mrkdwn" || required_type == "plain_text")) {
            fail("has a text of a wrong type");
        } else if (size == 0) {
            fail("has an empty text");
        } else if (size > limit) {
            fail("has a text longer than " + std::to_string(limit) + " characters");
        }
    }

    void check_text(
        const json::object& object, std::string_view key, std::size_t limit, std::string_view type = {}
    ) {
        check_text_object(object.if_contains(key), limit, type);
    }

    void check_section(const json::object& section) {
        const bool has_fields = section.contains("fields");
        if (section.contains("text") || !has_fields) {
            check_text(section, "text", 3000);
        }
        if (const json::array* fields = has_fields ? list_at(section, "fields") : nullptr) {
            if (fields->size() > 10) {
                fail("has more than 10 fields");
            }
            for (const json::value& field : *fields) {
                check_text_object(&field, 2000, {});
            }
        }
        if (const json::value* accessory = section.if_contains("accessory")) {
            std::set<std::string> ids;
            check_element(*accessory, ids);
        }
    }

    void check_elements(const json::object& context, std::size_t limit) {
        const json::array* elements = list_at(context, "elements");
        if (elements == nullptr) {
            return;
        }
        if (elements->size() > limit) {
            fail("has more than " + std::to_string(limit) + " elements");
        }
        for (const json::value& element : *elements) {
            const json::object* object = element.if_object();
            if (object == nullptr || text_at(*object, "type") != "image") {
                check_text_object(&element, 3000, {});
            }
        }
    }

    void check_actions(const json::object& actions) {
        const json::array* elements = list_at(actions, "elements");
        if (elements == nullptr) {
            return;
        }
        if (elements->size() > 25) {
            fail("has more than 25 elements");
        }
        std::set<std::string> ids;
        for (const json::value& element : *elements) {
            check_element(element, ids);
        }
    }

    void check_input(const json::object& input) {
        check_text(input, "label", 2000, "plain_text");
        if (input.contains("hint")) {
            check_text(input, "hint", 2000, "plain_text");
        }
        std::set<std::string> ids;
        const json::value* element = input.if_contains("element");
        const json::object* object = element == nullptr ? nullptr : element->if_object();
        if (object == nullptr || text_at(*object, "type").empty() || text_at(*object, "type") == "button") {
            fail("needs an element that takes an input");
            return;
        }
        check_element(*element, ids);
    }

    void check_element(const json::value& element, std::set<std::string>& ids) {
        const json::object* object = element.if_object();
        if (object == nullptr) {
            fail("has an element that is not an object");
            return;
        }
        check_id(*object, "action_id", ids);
        if (text_at(*object, "type") == "button") {
            check_button(*object);
        } else if (text_at(*object, "type") == "checkboxes") {
            check_options(*object);
        } else if (object->contains("placeholder")) {
            check_text(*object, "placeholder", 150, "plain_text");
        }
    }

    void check_options(const json::object& checkboxes) {
        const json::array* options = list_at(checkboxes, "options");
        if (options == nullptr) {
            return;
        }
        if (options->size() > 10) {
            fail("has more than 10 options");
        }
        for (const json::value& option : *options) {
            const json::object* object = option.if_object();
            if (object == nullptr || text_at(*object, "value").empty()) {
                fail("has an option without a value");
                return;
            }
            check_text(*object, "text", 75);
            if (characters_in(text_at(*object, "value")) > 150) {
                fail("has an option's value longer than 150 characters");
            }
        }
    }

    void check_button(const json::object& button) {
        check_text(button, "text", 75, "plain_text");
        const std::string_view style = text_at(button, "style");
        if (characters_in(text_at(button, "value")) > 2000) {
            fail("has a button value longer than 2000 characters");
        }
        if (characters_in(text_at(button, "url")) > 3000) {
            fail("has a button url longer than 3000 characters");
        }
        if (button.contains("style") && style != "primary" && style != "danger") {
            fail("has a button style other than primary and danger");
        }
        const json::value* confirm = button.if_contains("confirm");
        if (const json::object* dialog = confirm == nullptr ? nullptr : confirm->if_object()) {
            check_text(*dialog, "title", 100, "plain_text");
            check_text(*dialog, "text", 300);
            check_text(*dialog, "confirm", 30, "plain_text");
            check_text(*dialog, "deny", 30, "plain_text");
        }
    }

    std::string at_;
    std::string problem_;
    std::set<std::string> block_ids_;
};

} // namespace

std::optional<slack_refusal> check_blocks(const json::array& blocks, std::size_t most) {
    if (blocks.size() > most) {
        return slack_refusal{"invalid_blocks", "more than " + std::to_string(most) + " blocks"};
    }
    block_checker checker;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        checker.check(blocks[i], i);
    }
    if (!checker.problem().empty()) {
        return slack_refusal{"invalid_blocks", checker.problem()};
    }
    return std::nullopt;
}

} // namespace hallpass::sandbox
