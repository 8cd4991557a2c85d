#include "sandbox/pagerduty/pagerduty_api.hpp"

#include "base/text.hpp"
#include "sandbox/pagerduty/pagerduty_call.hpp"
#include "sandbox/pagerduty/pagerduty_incidents.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <functional>

namespace hallpass::sandbox::pagerduty {

namespace json = boost::json;
using net::server_response;

namespace {

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
        return answer_incidents(of, call);
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
