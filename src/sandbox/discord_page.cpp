#include "sandbox/discord_page.hpp"

#include "sandbox/cluster_json.hpp"
#include "sandbox/discord_interactions.hpp"

#include <boost/json/array.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace hallpass::sandbox {

namespace {

namespace json = boost::json;

constexpr int text_display = 10;
constexpr int danger = 4;
constexpr int string_select = 3;

const json::array& list_of(const json::object& from, std::string_view name) {
    static const json::array none;
    const json::value* found = from.if_contains(name);
    return found != nullptr && found->is_array() ? found->get_array() : none;
}

int type_of(const json::object& component) {
    return static_cast<int>(number_of(component, "type", 0));
}

json::array fields_of(const discord_message& message) {
    json::array all;
    for (const json::value& embed : message.embeds) {
        if (const std::string text = text_of(embed.as_object(), "description"); !text.empty()) {
            all.push_back(json::array{text_of(embed.as_object(), "title"), text});
        }
        for (const json::value& field : list_of(embed.as_object(), "fields")) {
            all.push_back(json::array{text_of(field.as_object(), "name"), text_of(field.as_object(), "value")}
            );
        }
    }
    return all;
}

json::array actions_of(const discord_channel& channel, const discord_message& message) {
    json::array all;
    for (const json::value& row : message.components) {
        for (const json::value& one : list_of(row.as_object(), "components")) {
            const json::object& button = one.as_object();
            const bool denies = static_cast<int>(number_of(button, "style", 0)) == danger;
            all.push_back(json::object{
                {"label", text_of(button, "label")},
                {"style", denies ? "bad" : "good"},
                {"path", "/discord/click"},
                {"body", json::object{
                             {"channel", channel.id},
                             {"message", message.id},
                             {"action", text_of(button, "custom_id")},
                             {"wait_ms", 10'000}}}});
        }
    }
    return all;
}

json::object on_page(const discord_channel& channel, const discord_message& message) {
    return {
        {"id", message.id},
        {"from", message.reply_to.empty() ? "hallpass" : "hallpass, in reply"},
        {"text", message.content},
        {"fields", fields_of(message)},
        {"edited", !message.earlier.empty()},
        {"actions", actions_of(channel, message)}};
}

json::object on_page(const discord_modal& modal) {
    std::string text;
    json::array fields;
    for (const json::value& one : list_of(modal.shown, "components")) {
        const json::object& part = one.as_object();
        if (type_of(part) == text_display) {
            text += text_of(part, "content");
        }
        const json::value* inside = part.if_contains("component");
        if (inside == nullptr || !inside->is_object()) {
            continue;
        }
        const json::object& input = inside->get_object();
        const bool ticked = type_of(input) == string_select;
        fields.push_back(json::object{
            {"name", ticked ? "confirm" : "reason"},
            {"label", text_of(part, "label")},
            {"kind", ticked ? "check" : "text"},
            {"required", flag_of(input, "required", true)}});
    }
    return {
        {"id", modal.id},
        {"for", modal.user},
        {"title", text_of(modal.shown, "title")},
        {"text", text},
        {"fields", std::move(fields)},
        {"path", "/discord/submit"},
        {"body", json::object{{"modal", modal.id}, {"wait_ms", 10'000}}}};
}

} // namespace

json::object discord_on_page(discord_state& discord) {
    json::array people;
    for (const discord_user& user : discord.users()) {
        people.push_back(json::object{
            {"id", user.id}, {"name", user.username}, {"role", user.bot ? "a bot" : ""}});
    }
    json::array conversations;
    for (const discord_channel& channel : discord.channels()) {
        json::array messages;
        for (const discord_message& message : channel.messages) {
            messages.push_back(on_page(channel, message));
        }
        const std::string name = channel.recipient.empty() ? "# " + channel.name : "to " + channel.recipient;
        conversations.push_back(json::object{
            {"id", channel.id}, {"name", name}, {"messages", std::move(messages)}});
    }
    json::array dialogs;
    for (const discord_modal& modal : discord.interactions().modals()) {
        if (!modal.closed) {
            dialogs.push_back(on_page(modal));
        }
    }
    json::array notices;
    for (const discord_answer& said : discord.interactions().answers()) {
        notices.push_back(json::object{{"for", said.user}, {"text", said.thinking ? "…" : said.content}});
    }
    return {
        {"title", "Discord"},
        {"people", std::move(people)},
        {"conversations", std::move(conversations)},
        {"dialogs", std::move(dialogs)},
        {"notices", std::move(notices)}};
}

} // namespace hallpass::sandbox
