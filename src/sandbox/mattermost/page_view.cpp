#include "sandbox/mattermost/page_view.hpp"

#include "sandbox/cluster_json.hpp"
#include "sandbox/mattermost/routes.hpp"

#include <algorithm>
#include <utility>

namespace hallpass::sandbox::mattermost {

namespace json = boost::json;

namespace {

std::string standing_of(const user& who) {
    if (who.is_bot) {
        return "bot";
    }
    if (who.delete_at != 0) {
        return "switched off";
    }
    if (who.roles.find("system_guest") != std::string::npos) {
        return "guest";
    }
    return who.teams.contains(id_for(team_name)) ? "member" : "of another team";
}

std::string name_for_people(const state& at, const channel& where) {
    if (!where.team.empty()) {
        return where.name;
    }
    for (const std::string& member : where.members) {
        const user* who = at.find_user(member);
        if (who != nullptr && member != at.bot()) {
            return who->name;
        }
    }
    return where.name;
}

const json::array& list_in(const json::object& from, const char* name) {
    static const json::array none;
    const json::value* found = from.if_contains(name);
    return found != nullptr && found->is_array() ? found->get_array() : none;
}

json::array actions_of(const post& shown, const json::object& attachment) {
    json::array made;
    for (const json::value& action : list_in(attachment, "actions")) {
        const std::string id = text_of(action.as_object(), "id");
        made.push_back(json::object{
            {"label", text_of(action.as_object(), "name")},
            {"style", text_of(action.as_object(), "style") == "danger" ? "bad" : "good"},
            {"path", "/mattermost/click"},
            {"body", {{"post", shown.id}, {"action", id}}}});
    }
    return made;
}

json::object message_view(const state& at, const post& shown) {
    const version& now = shown.versions.back();
    const user* from = at.find_user(shown.user);
    std::string text = now.message;
    json::array fields;
    json::array actions;
    for (const json::value& value : list_in(now.props, "attachments")) {
        const json::object& attachment = value.as_object();
        if (const std::string more = text_of(attachment, "text"); !more.empty()) {
            text += '\n' + more;
        }
        for (const json::value& field : list_in(attachment, "fields")) {
            fields.push_back(json::array{
                text_of(field.as_object(), "title"), text_of(field.as_object(), "value")});
        }
        actions = actions_of(shown, attachment);
    }
    return {
        {"id", shown.id},
        {"from", from == nullptr ? "" : from->name},
        {"text", text},
        {"fields", std::move(fields)},
        {"replies", json::array()},
        {"edited", shown.versions.size() > 1},
        {"actions", std::move(actions)}};
}

json::array messages_of(const state& at, const channel& where) {
    json::array made;
    for (const post& one : at.posts()) {
        if (one.channel != where.id || one.delete_at != 0 || !one.only_for.empty()) {
            continue;
        }
        const auto root = std::ranges::find_if(made, [&](const json::value& m) {
            return m.at("id").as_string() == one.root;
        });
        if (!one.root.empty() && root != made.end()) {
            root->at("replies").as_array().push_back(message_view(at, one));
        } else {
            made.push_back(message_view(at, one));
        }
    }
    return made;
}

json::object dialog_view(const dialog& shown) {
    json::array fields;
    for (const json::value& value : list_in(shown.shown, "elements")) {
        const json::object& element = value.as_object();
        fields.push_back(json::object{
            {"name", text_of(element, "name")},
            {"label", text_of(element, "display_name")},
            {"kind", text_of(element, "type") == "bool" ? "check" : "text"},
            {"required", !flag_of(element, "optional", false)}});
    }
    std::string text = text_of(shown.shown, "introduction_text");
    if (!shown.problem.empty()) {
        text = shown.problem + "\n\n" + text;
    }
    return {
        {"id", shown.id},
        {"for", shown.user},
        {"title", text_of(shown.shown, "title")},
        {"text", text},
        {"path", "/mattermost/submit"},
        {"body", {{"dialog", shown.id}}},
        {"fields", std::move(fields)}};
}

} // namespace

json::object page_view(const state& at) {
    json::array people;
    for (const auto& [id, who] : at.users()) {
        if (!who.is_bot) {
            people.push_back(json::object{{"id", id}, {"name", who.name}, {"role", standing_of(who)}});
        }
    }
    json::array conversations;
    for (const auto& [id, where] : at.channels()) {
        if (where.members.contains(at.bot())) {
            conversations.push_back(json::object{
                {"id", id}, {"name", name_for_people(at, where)}, {"messages", messages_of(at, where)}});
        }
    }
    json::array dialogs;
    for (const dialog& one : at.dialogs()) {
        if (one.open) {
            dialogs.push_back(dialog_view(one));
        }
    }
    json::array notices;
    for (const post& one : at.posts()) {
        if (!one.only_for.empty()) {
            notices.push_back(json::object{{"for", one.only_for}, {"text", one.versions.back().message}});
        }
    }
    return {
        {"title", "Mattermost"},
        {"people", std::move(people)},
        {"conversations", std::move(conversations)},
        {"dialogs", std::move(dialogs)},
        {"notices", std::move(notices)}};
}

json::array posts_of(const state& at, const std::string& name) {
    json::array made;
    for (const post& one : at.posts()) {
        const channel* where = at.find_channel(one.channel);
        if (where == nullptr || name_for_people(at, *where) != name || one.delete_at != 0) {
            continue;
        }
        json::object shown = to_json(one);
        json::array versions;
        for (const version& each : one.versions) {
            versions.push_back(json::object{{"message", each.message}, {"props", each.props}});
        }
        shown["versions"] = std::move(versions);
        shown["only_for"] = one.only_for;
        made.push_back(std::move(shown));
    }
    return made;
}

} // namespace hallpass::sandbox::mattermost
