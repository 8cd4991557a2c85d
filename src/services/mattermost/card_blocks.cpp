#include "services/mattermost/card_blocks.hpp"

#include "services/json_members.hpp"

#include <boost/json/array.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace hallpass::services::mattermost {

namespace json = boost::json;

namespace {

constexpr std::size_t most_text = 15'000; // bytes, where all texts together may have 16,000 characters

json::object text_block(std::string text) {
    return json::object{{"type", "text"}, {"text", std::move(text)}};
}

json::object field_block(const json::object& field) {
    return text_block(
        "**" + std::string(text_of(field, "title")) + "**\n" + std::string(text_of(field, "value"))
    );
}

bool is_short(const json::value& field) {
    const json::value* found = field.get_object().if_contains("short");
    return found && found->is_bool() && found->get_bool();
}

json::object column(json::object block) {
    return json::object{{"type", "column"}, {"width", "stretch"}, {"items", json::array{std::move(block)}}};
}

// Short fields stand beside each other by two, as they do in an attachment.
void add_fields(json::array& to, const json::array& fields) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
        json::object first = field_block(fields[i].get_object());
        const bool pair = i + 1 < fields.size() && is_short(fields[i]) && is_short(fields[i + 1]);
        if (!pair) {
            to.push_back(std::move(first));
            continue;
        }
        json::object second = field_block(fields[++i].get_object());
        to.push_back(json::object{
            {"type", "column_set"},
            {"gap", "medium"},
            {"columns", json::array{column(std::move(first)), column(std::move(second))}}});
    }
}

json::object button_row(const json::array& actions) {
    json::array row;
    for (const json::value& value : actions) {
        const json::object& one = value.get_object();
        row.push_back(json::object{
            {"type", "button"},
            {"text", text_of(one, "name")},
            {"style", text_of(one, "style")},
            {"action_id", text_of(one, "id")}});
    }
    return json::object{
        {"type", "container"}, {"flow", "horizontal"}, {"gap", "small"}, {"content", std::move(row)}};
}

json::object registry(const json::array& actions) {
    json::object made;
    for (const json::value& value : actions) {
        const json::object& one = value.get_object();
        const json::object& called = object_of(one, "integration");
        made[text_of(one, "id")] = json::object{
            {"type", "external"}, {"url", text_of(called, "url")}, {"context", object_of(called, "context")}};
    }
    return made;
}

std::size_t text_bytes(const json::object& attachment) {
    std::size_t bytes = text_of(attachment, "text").size();
    for (const json::value& field : array_of(attachment, "fields")) {
        bytes +=
            text_of(field.get_object(), "title").size() + text_of(field.get_object(), "value").size() + 5;
    }
    return bytes;
}

} // namespace

void add_blocks(json::object& props, const json::object& attachment) {
    if (text_bytes(attachment) > most_text) {
        return;
    }
    json::array content;
    if (const std::string_view text = text_of(attachment, "text"); !text.empty()) {
        content.push_back(text_block(std::string(text)));
    }
    add_fields(content, array_of(attachment, "fields"));
    const json::array& actions = array_of(attachment, "actions");
    if (!actions.empty()) {
        content.push_back(button_row(actions));
        props["mm_blocks_actions"] = registry(actions);
    }
    props["mm_blocks"] = json::array{json::object{
        {"type", "container"},
        {"accent_color", text_of(attachment, "color")},
        {"border", true},
        {"gap", "small"},
        {"content", std::move(content)}}};
}

} // namespace hallpass::services::mattermost
