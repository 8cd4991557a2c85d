#include "sandbox/slack_view_check.hpp"

#include "sandbox/characters.hpp"
#include "sandbox/cluster_json.hpp"
#include "sandbox/slack_block_check.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace hallpass::sandbox {

namespace {

namespace json = boost::json;

constexpr std::size_t max_title = 24;
constexpr std::size_t max_id = 255;
constexpr std::size_t max_metadata = 3000;
constexpr std::size_t max_blocks = 100;
constexpr std::size_t max_view_bytes = 250'000;

bool is_plain_text(const json::value* value, std::size_t limit) {
    const json::object* text = value == nullptr ? nullptr : value->if_object();
    if (text == nullptr || text_of(*text, "type") != "plain_text") {
        return false;
    }
    const std::size_t size = characters_in(text_of(*text, "text"));
    return size > 0 && size <= limit;
}

bool is_input(const json::value& block) {
    return block.is_object() && text_of(block.get_object(), "type") == "input";
}

// "" where all is well.
std::string problem_of(const json::object& view, const json::array& blocks) {
    if (text_of(view, "type") != "modal") {
        return "type is not modal";
    }
    if (!is_plain_text(view.if_contains("title"), max_title)) {
        return "title is not a plain text of 1 to 24 characters";
    }
    for (const char* button : {"submit", "close"}) {
        if (view.contains(button) && !is_plain_text(view.if_contains(button), max_title)) {
            return std::string(button) + " is not a plain text of 1 to 24 characters";
        }
    }
    if (!view.contains("submit") && std::ranges::any_of(blocks, is_input)) {
        return "submit is needed where there are inputs";
    }
    if (characters_in(text_of(view, "callback_id")) > max_id) {
        return "callback_id is longer than 255 characters";
    }
    if (characters_in(text_of(view, "private_metadata")) > max_metadata) {
        return "private_metadata is longer than 3000 characters";
    }
    return {};
}

void name_element(json::value& element, const std::string& id) {
    if (element.is_object() && text_of(element.get_object(), "action_id").empty()) {
        element.get_object()["action_id"] = id;
    }
}

} // namespace

std::optional<slack_refusal> check_view(const json::object& view) {
    const json::value* blocks = view.if_contains("blocks");
    if (blocks == nullptr || !blocks->is_array()) {
        return slack_refusal{"invalid_arguments", "blocks is not a list"};
    }
    if (const std::string problem = problem_of(view, blocks->get_array()); !problem.empty()) {
        return slack_refusal{"invalid_arguments", problem};
    }
    if (auto refused = check_blocks(blocks->get_array(), max_blocks)) {
        return slack_refusal{"invalid_arguments", refused->detail};
    }
    if (json::serialize(view).size() > max_view_bytes) {
        return slack_refusal{"view_too_large", {}};
    }
    return std::nullopt;
}

void name_blocks(json::array& blocks) {
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        json::object& block = blocks[i].as_object();
        const std::string id = "b" + std::to_string(i);
        if (text_of(block, "block_id").empty()) {
            block["block_id"] = id;
        }
        if (json::value* element = block.if_contains("element")) {
            name_element(*element, id + "-a0");
        }
        const std::string type = text_of(block, "type");
        if (json::value* elements = block.if_contains("elements");
            type == "actions" && elements->is_array()) {
            json::array& all = elements->get_array();
            for (std::size_t j = 0; j < all.size(); ++j) {
                name_element(all[j], id + "-a" + std::to_string(j));
            }
        }
    }
}

} // namespace hallpass::sandbox
