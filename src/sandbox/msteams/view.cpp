#include "sandbox/msteams/view.hpp"

#include "sandbox/cluster_json.hpp"
#include "sandbox/msteams/clicks.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <utility>

namespace hallpass::sandbox::msteams {

namespace json = boost::json;

namespace {

std::string text_of_runs(const json::object& block) {
    std::string text;
    const json::value* runs = block.if_contains("inlines");
    if (runs && runs->is_array()) {
        for (const json::value& run : runs->get_array()) {
            text += run.is_object() ? text_of(run.get_object(), "text") : std::string();
        }
    }
    return text;
}

json::object action_of(const std::string& id, const json::object& action) {
    const bool good = text_of(action, "style") == "positive";
    return json::object{
        {"label", text_of(action, "title")},
        {"style", good ? "good" : "bad"},
        {"path", "/msteams/open"},
        {"body", json::object{{"activity", id}, {"action", good ? "approve" : "deny"}}}};
}

json::object shown(const posted_message& message, const conversation& in) {
    std::string text;
    json::array actions;
    for (const json::object* part : parts_of(card_of(message))) {
        const std::string type = text_of(*part, "type");
        if (type == "RichTextBlock") {
            text += (text.empty() ? "" : "\n") + text_of_runs(*part);
        } else if (type == "Action.Execute") {
            actions.push_back(action_of(message.id, *part));
        }
    }
    json::array replies;
    for (const posted_message& other : in.messages) {
        if (other.below == message.id) {
            replies.push_back(shown(other, in));
        }
    }
    return json::object{
        {"id", message.id},
        {"from", "hallpass"},
        {"text", text},
        {"fields", json::array()},
        {"replies", std::move(replies)},
        {"edited", !message.earlier.empty()},
        {"actions", std::move(actions)}};
}

std::string role_of(const person& one) {
    return one.elsewhere ? "of another tenant"
           : one.guest   ? "guest"
           : one.enabled ? "member"
                         : "switched off";
}

} // namespace

json::object view_of(const state& teams, json::array dialogs) {
    json::array people;
    for (const person& one : teams.people) {
        people.push_back(json::object{{"id", one.id}, {"name", one.name}, {"role", role_of(one)}});
    }
    json::array conversations;
    for (const conversation& one : teams.conversations) {
        json::array messages;
        for (const posted_message& message : one.messages) {
            if (message.below.empty()) {
                messages.push_back(shown(message, one));
            }
        }
        conversations.push_back(json::object{
            {"id", one.id}, {"name", one.name}, {"messages", std::move(messages)}});
    }
    json::array notices;
    for (const notice& one : teams.notices) {
        notices.push_back(json::object{{"for", one.person}, {"text", one.text}});
    }
    return json::object{
        {"title", "Microsoft Teams"},
        {"people", std::move(people)},
        {"conversations", std::move(conversations)},
        {"dialogs", std::move(dialogs)},
        {"notices", std::move(notices)}};
}

json::object everything_in(const state& teams) {
    json::array people;
    for (const person& one : teams.people) {
        people.push_back(json::object{
            {"id", one.id}, {"name", one.name}, {"has_app", !one.installation.empty()}});
    }
    json::array conversations;
    for (const conversation& one : teams.conversations) {
        json::array messages;
        for (const posted_message& message : one.messages) {
            json::array earlier;
            for (const json::object& version : message.earlier) {
                earlier.push_back(version);
            }
            messages.push_back(json::object{
                {"id", message.id},
                {"below", message.below},
                {"activity", message.activity},
                {"earlier", std::move(earlier)}});
        }
        conversations.push_back(json::object{
            {"id", one.id}, {"name", one.name}, {"person", one.person}, {"messages", std::move(messages)}});
    }
    json::array notices;
    for (const notice& one : teams.notices) {
        notices.push_back(json::object{{"for", one.person}, {"text", one.text}});
    }
    return json::object{
        {"people", std::move(people)},
        {"conversations", std::move(conversations)},
        {"notices", std::move(notices)}};
}

} // namespace hallpass::sandbox::msteams
