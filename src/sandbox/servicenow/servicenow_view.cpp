#include "sandbox/servicenow/servicenow_view.hpp"

#include "sandbox/cluster_json.hpp"
#include "sandbox/third_party.hpp"

#include <tuple>
#include <utility>

namespace hallpass::sandbox::servicenow {

namespace json = boost::json;

namespace {

json::array notes_of(const site& at, const std::string& id) {
    json::array notes;
    for (const json::object& row : at.data.rows("sys_journal_field")) {
        if (text_of(row, "element_id") == id) {
            notes.push_back(json::object{{"by", row.at("sys_created_by")}, {"text", row.at("value")}});
        }
    }
    return notes;
}

} // namespace

json::array all_incidents(const site& at) {
    json::array incidents;
    for (const json::object& row : at.data.rows("incident")) {
        json::object shown = row;
        shown["notes"] = notes_of(at, text_of(row, "sys_id"));
        incidents.push_back(std::move(shown));
    }
    return incidents;
}

json::object page_view(const site& at) {
    json::array people;
    for (const json::object& one : at.data.rows("sys_user")) {
        if (text_of(one, "user_name") != our_name) {
            people.push_back(json::object{
                {"id", one.at("user_name")}, {"name", one.at("user_name")}, {"role", "person"}});
        }
    }
    json::array messages;
    for (const json::object& row : at.data.rows("incident")) {
        json::array replies;
        for (const json::value& note : notes_of(at, text_of(row, "sys_id"))) {
            replies.push_back(json::object{
                {"id", std::to_string(replies.size())}, {"from", note.at("by")}, {"text", note.at("text")}});
        }
        json::array actions;
        for (const auto& [label, state, style] :
             {std::tuple("Approve", "approved", "good"), std::tuple("Reject", "rejected", "bad")}) {
            if (text_of(row, "state") == "1") {
                actions.push_back(json::object{
                    {"label", label},
                    {"style", style},
                    {"path", "/servicenow/approve"},
                    {"body", json::object{{"incident", row.at("sys_id")}, {"state", state}}}});
            }
        }
        messages.push_back(json::object{
            {"id", row.at("number")},
            {"from", our_name},
            {"text", text_of(row, "short_description") + '\n' + text_of(row, "description")},
            {"fields",
             json::array{
                 json::array{"State", row.at("state")}, json::array{"Close notes", row.at("close_notes")}}},
            {"replies", std::move(replies)},
            {"edited", text_of(row, "state") != "1"},
            {"actions", std::move(actions)}});
    }
    json::array conversations;
    conversations.push_back(json::object{
        {"id", "incident"}, {"name", "Incidents"}, {"messages", std::move(messages)}});
    return view_of("ServiceNow", std::move(people), std::move(conversations));
}

} // namespace hallpass::sandbox::servicenow
