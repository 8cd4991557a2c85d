#include "sandbox/mattermost/blocks_check.hpp"

#include "sandbox/characters.hpp"
#include "sandbox/cluster_json.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <set>

namespace hallpass::sandbox::mattermost {

namespace json = boost::json;

namespace {

constexpr std::size_t most_blocks = 100;
constexpr std::size_t deepest = 32;
constexpr std::size_t most_text = 16'000; // characters
constexpr std::size_t most_actions = 50;
constexpr std::size_t longest_id = 64;
constexpr std::size_t most_context = 50;

bool is_action_id(const std::string& id) {
    return !id.empty() && id.size() <= longest_id && std::ranges::all_of(id, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
               c == '_';
    });
}

class walk {
public:
    void blocks(const json::value* list, std::size_t depth, bool in_set = false) {
        const json::array* all = list == nullptr ? nullptr : list->if_array();
        if (all == nullptr || all->empty() || depth > deepest) {
            fail("a list of blocks is missing, empty, or nested too deep");
            return;
        }
        for (const json::value& one : *all) {
            if (!one.is_object() || ++count_ > most_blocks) {
                fail("a block is no object, or there are more than 100");
                return;
            }
            block(one.get_object(), depth, in_set);
        }
    }

    std::string problem_of(const json::object& actions) const {
        if (!problem_.empty()) {
            return problem_;
        }
        if (text_ > most_text) {
            return "the blocks' texts are longer than 16,000 characters";
        }
        const bool pair =
            actions.size() == used_.size() &&
            std::ranges::all_of(used_, [&](const std::string& id) { return actions.contains(id); });
        return pair ? "" : "each action must be used by a block, and each that is used be registered";
    }

private:
    void block(const json::object& one, std::size_t depth, bool in_set) {
        const std::string type = text_of(one, "type");
        if ((type == "column") != in_set) {
            fail("a column is outside a column_set, or something else inside");
        } else if (type == "text" || type == "button") {
            words(one, type == "button");
        } else if (type == "container") {
            blocks(one.if_contains("content"), depth + 1);
        } else if (type == "column_set") {
            blocks(one.if_contains("columns"), depth + 1, true);
        } else if (type == "column") {
            blocks(one.if_contains("items"), depth + 1);
        } else if (type != "divider") {
            fail("the sandbox knows no block of type \"" + type + '"');
        }
    }

    void words(const json::object& one, bool is_button) {
        const std::string text = text_of(one, "text");
        text_ += characters_in(text);
        if (text.empty()) {
            fail("a text or a button has no text");
        }
        if (is_button) {
            const std::set<std::string> styles{"",     "default", "primary", "danger",
                                               "good", "success", "warning"};
            used_.insert(text_of(one, "action_id"));
            if (!is_action_id(text_of(one, "action_id")) || !styles.contains(text_of(one, "style"))) {
                fail("a button has no action_id, or an unknown style");
            }
        }
    }

    void fail(std::string problem) {
        if (problem_.empty()) {
            problem_ = std::move(problem);
        }
    }

    std::size_t count_ = 0;
    std::size_t text_ = 0;
    std::set<std::string> used_;
    std::string problem_;
};

std::string problem_of_action(const std::string& id, const json::value& value) {
    const json::object* one = value.if_object();
    if (!is_action_id(id) || one == nullptr || text_of(*one, "type") != "external" ||
        !text_of(*one, "url").starts_with("http")) {
        return "an action needs an id, a type that is known, and a url";
    }
    const json::value* context = one->if_contains("context");
    const bool sound =
        context == nullptr || (context->is_object() && context->get_object().size() <= most_context);
    return sound ? "" : "an action's context is no map, or has more than 50 entries";
}

} // namespace

std::string problem_of_blocks(const json::object& props) {
    const json::value* list = props.if_contains("mm_blocks");
    const json::value* registry = props.if_contains("mm_blocks_actions");
    if (list == nullptr && registry == nullptr) {
        return "";
    }
    static const json::object none;
    const json::object* actions = registry == nullptr ? &none : registry->if_object();
    if (actions == nullptr || actions->size() > most_actions) {
        return "mm_blocks_actions is no map, or has more than 50 entries";
    }
    for (const auto& [id, value] : *actions) {
        if (std::string problem = problem_of_action(std::string(id), value); !problem.empty()) {
            return problem;
        }
    }
    walk over;
    over.blocks(list, 1);
    return over.problem_of(*actions);
}

} // namespace hallpass::sandbox::mattermost
