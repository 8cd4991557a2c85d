#include "sandbox/jira/jira_view.hpp"

#include "sandbox/cluster_json.hpp"
#include "sandbox/third_party.hpp"

#include <utility>

namespace hallpass::sandbox::jira {

namespace json = boost::json;

namespace {

// The text of a body, for the page.
std::string flat(const json::value& body) {
    if (body.is_string()) {
        return std::string(body.get_string());
    }
    std::string out;
    if (const json::object* node = body.if_object()) {
        const std::string type = text_of(*node, "type");
        out += text_of(*node, "text");
        out += type == "hardBreak" ? "\n" : "";
        if (const json::value* content = node->if_contains("content"); content && content->is_array()) {
            for (const json::value& child : content->get_array()) {
                out += flat(child);
            }
        }
        out += type == "paragraph" ? "\n" : "";
    }
    return out;
}

} // namespace

json::array all_issues(const jira_state& state) {
    json::array all;
    for (const auto& [id, one] : state.tickets()) {
        json::array comments;
        for (const comment& said : one.comments) {
            comments.push_back(json::object{
                {"id", said.id}, {"author", said.author}, {"text", flat(said.body)}, {"body", said.body}});
        }
        all.push_back(json::object{
            {"id", id},
            {"key", one.key},
            {"status", one.status},
            {"summary", one.fields.at("summary")},
            {"description", one.fields.at("description")},
            {"text", flat(one.fields.at("description"))},
            {"properties", one.properties},
            {"histories", one.histories},
            {"comments", std::move(comments)}});
    }
    return all;
}

json::object page_view(const jira_state& state) {
    json::array people;
    for (const person& one : state.people()) {
        const bool ours = one.account_id == our_account;
        if (!ours) {
            people.push_back(json::object{
                {"id", one.account_id}, {"name", one.name}, {"role", one.type == "app" ? "app" : "person"}});
        }
    }
    json::array messages;
    for (const auto& [id, one] : state.tickets()) {
        json::array replies;
        for (const comment& said : one.comments) {
            const std::string from = text_of(state.user_json(said.author), "displayName");
            replies.push_back(json::object{{"id", said.id}, {"from", from}, {"text", flat(said.body)}});
        }
        json::array actions;
        for (const auto& [to, style] : {std::pair("Approved", "good"), std::pair("Denied", "bad")}) {
            if (one.status == "Pending") {
                actions.push_back(json::object{
                    {"label", "Move to " + std::string(to)},
                    {"style", style},
                    {"path", "/jira/move"},
                    {"body", json::object{{"issue", id}, {"to", to}}}});
            }
        }
        const json::string& summary = one.fields.at("summary").as_string();
        messages.push_back(json::object{
            {"id", one.key},
            {"from", "hallpass"},
            {"text", one.key + ": " + std::string(summary) + '\n' + flat(one.fields.at("description"))},
            {"fields", json::array{json::value(json::array{"Status", one.status})}},
            {"replies", std::move(replies)},
            {"edited", !one.histories.empty()},
            {"actions", std::move(actions)}});
    }
    json::array conversations;
    conversations.push_back(json::object{
        {"id", project_key}, {"name", "Access Requests"}, {"messages", std::move(messages)}});
    return view_of("Jira", std::move(people), std::move(conversations));
}

} // namespace hallpass::sandbox::jira
