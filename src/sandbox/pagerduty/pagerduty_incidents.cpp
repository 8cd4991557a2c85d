#include "sandbox/pagerduty/pagerduty_incidents.hpp"

#include "sandbox/cluster_json.hpp"
#include "sandbox/cluster_state.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <utility>

namespace hallpass::sandbox::pagerduty {

namespace json = boost::json;
using net::server_response;

namespace {

constexpr std::size_t most_notes = 2000;

json::object note_json(const note& one) {
    return {
        {"id", one.id},
        {"user", reference(one.user, "user_reference")},
        {"content", one.content},
        {"created_at", to_rfc3339(one.at)}};
}

server_response list_incidents(const state& of, const asked& call) {
    const std::string key = one_of(call, "incident_key");
    const auto services = all_of(call, "service_ids[]");
    std::vector<json::object> found;
    for (const incident& one : of.incidents) {
        if ((key.empty() || one.key == key) && is_wanted(services, one.service)) {
            found.push_back(incident_json(one));
        }
    }
    return page_of(call, "incidents", found);
}

bool calls_only(const state& of, const std::string& policy, const std::string& id) {
    return std::ranges::any_of(of.shifts, [&](const shift& one) {
        return one.policy == policy && one.user == id && one.level == 1;
    });
}

server_response make_incident(state& of, const asked& call) {
    const json::value* wanted = call.body.if_contains("incident");
    if (wanted == nullptr || !wanted->is_object()) {
        return invalid("Incident cannot be blank.");
    }
    const json::object& from = wanted->get_object();
    incident made;
    made.title = text_of(from, "title");
    made.key = text_of(from, "incident_key");
    const json::value* to = from.if_contains("service");
    made.service = to != nullptr && to->is_object() ? text_of(to->get_object(), "id") : "";
    const json::value* body = from.if_contains("body");
    made.details = body != nullptr && body->is_object() ? text_of(body->get_object(), "details") : "";
    made.urgency = text_of(from, "urgency");
    if (made.title.empty()) {
        return invalid("Title cannot be blank.");
    }
    if (made.title.size() > 1024) {
        return invalid("Title is too long.");
    }
    const service* at = of.find_service(made.service);
    if (at == nullptr) {
        return error_answer(400, 2001, "Invalid Input Provided", {"Service not found."});
    }
    if (at->disabled) {
        return invalid("Service is disabled.");
    }
    const bool open = std::ranges::any_of(of.incidents, [&](const incident& one) {
        return !made.key.empty() && one.key == made.key && one.service == made.service &&
               one.status != "resolved";
    });
    if (open) {
        return invalid("Open incident already exists with this dedup key (incident_key).");
    }
    made.id = of.next_id('I');
    made.number = of.last_number;
    // Who makes an incident that would come to them has it already (api-ticketing 2.1).
    made.status = calls_only(of, at->policy, call.from->id) ? "acknowledged" : "triggered";
    made.log.push_back({"trigger_log_entry", call.from->id});
    of.incidents.push_back(std::move(made));
    return json_answer(201, json::object{{"incident", incident_json(of.incidents.back())}});
}

server_response change_incident(const asked& call, incident& one) {
    const json::value* wanted = call.body.if_contains("incident");
    if (wanted == nullptr || !wanted->is_object()) {
        return invalid("Incident cannot be blank.");
    }
    const std::string status = text_of(wanted->get_object(), "status");
    if (status == "resolved" && one.status == "resolved") {
        return error_answer(400, 1001, "Incident Already Resolved");
    }
    if (status != "resolved" && status != "acknowledged" && status != "triggered") {
        return error_answer(400, 1003, "Invalid Status Provided");
    }
    one.status = status;
    one.log.push_back({status == "resolved" ? "resolve_log_entry" : "acknowledge_log_entry", call.from->id});
    return json_answer(200, json::object{{"incident", incident_json(one)}});
}

server_response add_note(state& of, const asked& call, incident& one) {
    const json::value* wanted = call.body.if_contains("note");
    const std::string content =
        wanted != nullptr && wanted->is_object() ? text_of(wanted->get_object(), "content") : "";
    if (content.empty()) {
        return invalid("Content cannot be blank.");
    }
    if (one.notes.size() >= most_notes) {
        return invalid("Too many notes.");
    }
    one.notes.push_back({of.next_id('N'), call.from->id, content, wall_clock_now()});
    one.log.push_back({"annotate_log_entry", call.from->id});
    return json_answer(200, json::object{{"note", note_json(one.notes.back())}});
}

} // namespace

json::object incident_json(const incident& one) {
    return {
        {"id", one.id},
        {"type", "incident"},
        {"incident_number", one.number},
        {"title", one.title},
        {"status", one.status},
        {"incident_key", one.key},
        {"urgency", one.urgency.empty() ? "high" : one.urgency},
        {"body", json::object{{"type", "incident_body"}, {"details", one.details}}},
        {"service", reference(one.service, "service_reference")}};
}

server_response answer_incidents(state& of, const asked& call) {
    if (call.path.size() == 1) {
        return call.method == "POST"  ? make_incident(of, call)
               : call.method == "GET" ? list_incidents(of, call)
                                      : not_found();
    }
    incident* one = of.find_incident(call.path[1]);
    if (one == nullptr) {
        return not_found();
    }
    if (call.path.size() == 2) {
        return call.method == "PUT" ? change_incident(call, *one)
                                    : json_answer(200, json::object{{"incident", incident_json(*one)}});
    }
    if (call.path[2] == "notes" && call.method == "POST") {
        return add_note(of, call, *one);
    }
    if (call.path[2] == "notes") {
        json::array all;
        for (const note& each : one->notes) {
            all.push_back(note_json(each));
        }
        return json_answer(200, json::object{{"notes", std::move(all)}});
    }
    return not_found();
}

} // namespace hallpass::sandbox::pagerduty
