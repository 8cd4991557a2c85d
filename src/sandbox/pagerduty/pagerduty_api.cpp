#include "sandbox/pagerduty/pagerduty_api.hpp"

#include "base/text.hpp"
#include "sandbox/cluster_json.hpp"
#include "sandbox/cluster_state.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/url/parse.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <functional>

namespace hallpass::sandbox::pagerduty {

namespace json = boost::json;
using net::server_response;

namespace {

constexpr const char* json_type = "application/json";
constexpr std::size_t most_notes = 2000;

using parameters = std::vector<std::pair<std::string, std::string>>;

struct asked {
    std::string method;
    std::vector<std::string> path;
    parameters query;
    json::object body;
    const user* from = nullptr; // of a call that writes
};

server_response json_answer(int status, const json::object& body) {
    return server_response(status, json::serialize(body), json_type);
}

server_response not_found() {
    return error_answer(404, 2100, "Not Found");
}

parameters read_query(const std::string& query) {
    parameters read;
    const std::string text = "?" + query;
    const auto parsed = boost::urls::parse_relative_ref(text);
    if (parsed) {
        for (const auto& one : parsed->params()) {
            read.emplace_back(std::string(one.key), std::string(one.value));
        }
    }
    return read;
}

std::vector<std::string> all_of(const asked& call, std::string_view name) {
    std::vector<std::string> found;
    for (const auto& [key, value] : call.query) {
        if (key == name) {
            found.push_back(value);
        }
    }
    return found;
}

std::string one_of(const asked& call, std::string_view name) {
    const auto all = all_of(call, name);
    return all.empty() ? "" : all.front();
}

bool is_wanted(const std::vector<std::string>& ids, const std::string& id) {
    return ids.empty() || std::ranges::find(ids, id) != ids.end();
}

std::size_t number_of_query(const asked& call, std::string_view name, std::size_t otherwise) {
    const std::string text = one_of(call, name);
    std::from_chars(text.data(), text.data() + text.size(), otherwise);
    return otherwise;
}

server_response page_of(const asked& call, const std::string& member, const std::vector<json::object>& all) {
    const std::size_t limit = std::min<std::size_t>(number_of_query(call, "limit", 25), 100);
    const std::size_t offset = number_of_query(call, "offset", 0);
    if (offset + limit > 10'000) {
        return error_answer(400, 2001, "Invalid Input Provided", {"Offset must be less than 10000."});
    }
    json::array shown;
    for (std::size_t i = offset; i < std::min(all.size(), offset + limit); ++i) {
        shown.push_back(all[i]);
    }
    json::object page{{"limit", limit}, {"offset", offset}, {"total", nullptr}};
    page["more"] = offset + limit < all.size();
    page[member] = std::move(shown);
    return json_answer(200, page);
}

json::object user_json(const user& one) {
    json::object made{{"id", one.id},       {"type", "user"},   {"name", one.name},
                      {"email", one.email}, {"role", one.role}, {"summary", one.name}};
    if (one.invited_only) {
        made["invitation_sent"] = true;
    }
    return made;
}

json::object service_json(const service& one) {
    return {
        {"id", one.id},
        {"type", "service"},
        {"name", one.name},
        {"status", one.disabled ? "disabled" : "active"},
        {"escalation_policy", reference(one.policy, "escalation_policy_reference")}};
}

json::object note_json(const note& one) {
    return {
        {"id", one.id},
        {"user", reference(one.user, "user_reference")},
        {"content", one.content},
        {"created_at", to_rfc3339(one.at)}};
}

json::object shift_json(const shift& one) {
    json::object made{
        {"user", reference(one.user, "user_reference")},
        {"escalation_policy", reference(one.policy, "escalation_policy_reference")},
        {"escalation_level", one.level},
        {"start", nullptr},
        {"end", nullptr}};
    made["schedule"] =
        one.schedule.empty() ? json::value() : json::value(reference(one.schedule, "schedule_reference"));
    return made;
}

bool mentions(const std::string& text, const std::string& query) {
    return lower_case(text).find(lower_case(query)) != std::string::npos;
}

template <class Thing>
server_response find_or_list(
    const asked& call,
    const std::vector<Thing>& all,
    const std::string& member,
    const std::string& single,
    json::object (*as_json)(const Thing&),
    const std::function<std::string(const Thing&)>& text
) {
    if (call.path.size() == 2) {
        for (const Thing& one : all) {
            if (one.id == call.path[1]) {
                return json_answer(200, json::object{{single, as_json(one)}});
            }
        }
        return not_found();
    }
    std::vector<json::object> found;
    for (const Thing& one : all) {
        if (mentions(text(one), one_of(call, "query"))) {
            found.push_back(as_json(one));
        }
    }
    return page_of(call, member, found);
}

server_response named_things(
    const asked& call,
    const std::map<std::string, std::string>& all,
    const std::string& member,
    const std::string& single
) {
    std::vector<json::object> found;
    for (const auto& [id, name] : all) {
        const json::object one{{"id", id}, {"type", single}, {"name", name}};
        if (call.path.size() == 2 && call.path[1] == id) {
            return json_answer(200, json::object{{single, one}});
        }
        if (mentions(name, one_of(call, "query"))) {
            found.push_back(one);
        }
    }
    return call.path.size() == 2 ? not_found() : page_of(call, member, found);
}

server_response list_on_calls(const state& of, const asked& call) {
    const auto users = all_of(call, "user_ids[]");
    const auto policies = all_of(call, "escalation_policy_ids[]");
    const auto schedules = all_of(call, "schedule_ids[]");
    std::vector<json::object> found;
    for (const shift& one : of.shifts) {
        if (is_wanted(users, one.user) && is_wanted(policies, one.policy) &&
            is_wanted(schedules, one.schedule)) {
            found.push_back(shift_json(one));
        }
    }
    return page_of(call, "oncalls", found);
}

server_response list_incidents(const state& of, const asked& call) {
    const std::string key = one_of(call, "incident_key");
    const auto services = all_of(call, "service_ids[]");
    std::vector<json::object> found;
    for (const incident& one : of.incidents) {
        if ((key.empty() || one.key == key) && is_wanted(services, one.service)) {
            found.push_back(incident_json(of, one));
        }
    }
    return page_of(call, "incidents", found);
}

server_response invalid(std::string why) {
    return error_answer(400, 2001, "Invalid Input Provided", {std::move(why)});
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
    return json_answer(201, json::object{{"incident", incident_json(of, of.incidents.back())}});
}

server_response change_incident(state& of, const asked& call, incident& one) {
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
    return json_answer(200, json::object{{"incident", incident_json(of, one)}});
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

server_response on_incidents(state& of, const asked& call) {
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
        return call.method == "PUT" ? change_incident(of, call, *one)
                                    : json_answer(200, json::object{{"incident", incident_json(of, *one)}});
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

server_response show_invocation(const state& of, const asked& call) {
    for (const invocation& one : of.invocations) {
        if (call.path.size() == 3 && call.path[1] == "invocations" && call.path[2] == one.id) {
            json::object metadata{
                {"agent", reference(one.user, "user_reference")},
                {"incident", reference(one.incident, "incident_reference")}};
            json::object run{{"id", one.id}, {"action_id", one.action}, {"metadata", std::move(metadata)}};
            return json_answer(200, json::object{{"invocation", std::move(run)}});
        }
    }
    return not_found();
}

server_response dispatch(state& of, const asked& call) {
    const std::string& first = call.path.front();
    if (first == "incidents") {
        return on_incidents(of, call);
    }
    if (call.method != "GET") {
        return not_found();
    }
    if (first == "abilities") {
        return json_answer(200, json::object{{"abilities", json::array{"teams"}}});
    }
    if (first == "users") {
        return find_or_list<user>(call, of.users, "users", "user", user_json, [](const user& one) {
            return one.name + ' ' + one.email;
        });
    }
    if (first == "services") {
        return find_or_list<service>(
            call, of.services, "services", "service", service_json,
            [](const service& one) { return one.name; }
        );
    }
    if (first == "escalation_policies") {
        return named_things(call, of.policies, first, "escalation_policy");
    }
    if (first == "schedules") {
        return named_things(call, of.schedules, first, "schedule");
    }
    if (first == "oncalls") {
        return list_on_calls(of, call);
    }
    return first == "automation_actions" ? show_invocation(of, call) : not_found();
}

std::vector<std::string> parts_of(const std::string& path) {
    std::vector<std::string> parts;
    for (std::string& one : split(path, '/')) {
        if (!one.empty()) {
            parts.push_back(std::move(one));
        }
    }
    return parts;
}

// Words are names of resources, and all the rest are ids.
bool is_word(const std::string& part) {
    return std::ranges::all_of(part, [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

} // namespace

json::object reference(const std::string& id, const std::string& type) {
    return {{"id", id}, {"type", type}, {"summary", id}};
}

json::object incident_json(const state&, const incident& one) {
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

server_response error_answer(int status, int code, std::string message, std::vector<std::string> errors) {
    json::object error{{"message", message}, {"code", code}};
    if (!errors.empty()) {
        json::array all;
        for (std::string& one : errors) {
            all.push_back(json::string(one));
        }
        error["errors"] = std::move(all);
    }
    return json_answer(status, json::object{{"error", std::move(error)}});
}

std::string name_of_api_call(const net::server_request& request) {
    std::string name = request.method + " ";
    for (const std::string& part : parts_of(request.path)) {
        name += is_word(part) ? "/" + part : "/{id}";
    }
    return name;
}

server_response answer_api_call(state& of, const net::server_request& request) {
    asked call;
    call.method = request.method;
    call.path = parts_of(request.path);
    call.query = read_query(request.query);
    const std::string_view key = request.header("authorization");
    const bool reads_only = key == "Token token=" + of.read_only_key;
    if (key != "Token token=" + of.key && !reads_only) {
        return error_answer(401, 2006, "Authentication failed");
    }
    if (call.path.empty()) {
        return not_found();
    }
    if (call.method != "GET") {
        if (reads_only) {
            return error_answer(403, 2010, "Access Denied");
        }
        call.from = of.find_email(std::string(request.header("from")));
        if (call.from == nullptr) {
            return error_answer(400, 1008, "Requester User Not Found");
        }
        json::error_code failed;
        json::value body = json::parse(request.body, failed);
        if (failed || !body.is_object()) {
            return invalid("The body is no JSON object.");
        }
        call.body = std::move(body.get_object());
    }
    return dispatch(of, call);
}

} // namespace hallpass::sandbox::pagerduty
