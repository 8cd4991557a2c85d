#include "sandbox/opsgenie/opsgenie_api.hpp"

#include "base/base64.hpp"
#include "base/text.hpp"
#include "sandbox/cluster_json.hpp"
#include "sandbox/random_id.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/url/parse.hpp>

#include <algorithm>
#include <map>

namespace hallpass::sandbox::opsgenie {

namespace json = boost::json;
using net::server_response;

namespace {

constexpr const char* json_type = "application/json";

struct asked {
    bool jsm = false;
    bool writes_alerts = false; // the side of integrations
    std::string method;
    std::vector<std::string> path;
    std::map<std::string, std::string> query;
    json::object body;
};

server_response json_answer(int status, const json::value& body) {
    return server_response(status, json::serialize(body), json_type);
}

server_response not_found() {
    return error_answer(404, "Not found");
}

std::map<std::string, std::string> read_query(const std::string& query) {
    std::map<std::string, std::string> read;
    const std::string text = "?" + query;
    if (const auto parsed = boost::urls::parse_relative_ref(text)) {
        for (const auto& one : parsed->params()) {
            read.emplace(std::string(one.key), std::string(one.value));
        }
    }
    return read;
}

std::string query_of(const asked& call, const std::string& name) {
    const auto found = call.query.find(name);
    return found == call.query.end() ? "" : found->second;
}

// Taken, and done a moment later.
server_response take(state& of, const std::string& alert, bool success, std::string status) {
    request made{random_uuid(), alert, success, std::move(status), std::chrono::steady_clock::now() + of.lag};
    of.requests.push_back(made);
    return json_answer(
        202, json::object{{"result", "Request will be processed"}, {"took", 0.1}, {"requestId", made.id}}
    );
}

std::size_t characters(const std::string& text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

server_response make_alert(state& of, const asked& call) {
    alert made;
    made.message = text_of(call.body, "message");
    made.alias = text_of(call.body, "alias");
    made.description = text_of(call.body, "description");
    made.priority = text_of(call.body, "priority");
    if (made.message.empty() || characters(made.message) > 130 || characters(made.alias) > 512 ||
        characters(made.description) > 15'000) {
        return error_answer(422, "Request body is not processable. Please check the errors.");
    }
    const json::value* responders = call.body.if_contains("responders");
    made.responders = responders != nullptr ? json::serialize(*responders) : "[]";
    if (responders != nullptr && responders->is_array()) {
        for (const json::value& one : responders->get_array()) {
            const json::object& who = one.as_object();
            const std::string name = text_of(who, "name") + text_of(who, "id");
            const bool known =
                text_of(who, "type") == "team" ? of.teams.contains(name) : of.find_schedule(name) != nullptr;
            if (!known) {
                return error_answer(422, "Responder [" + name + "] does not exist");
            }
        }
    }
    if (alert* open = made.alias.empty() ? nullptr : of.find("alias", made.alias); open && !open->closed) {
        ++open->count;
        return take(of, open->id, true, "Deduplicated alert");
    }
    made.id = random_uuid() + "-1";
    of.alerts.push_back(made);
    return take(of, made.id, true, "Created alert");
}

server_response change_alert(state& of, const asked& call) {
    alert* one = of.find(query_of(call, "identifierType"), call.path[1]);
    if (one == nullptr) {
        return take(of, "", false, "Alert does not exist");
    }
    const std::string text = text_of(call.body, "note");
    if (characters(text) > 25'000) {
        return error_answer(422, "note is too long");
    }
    if (call.path[2] == "close" && one->closed) {
        return take(of, one->id, false, "Alert is already closed");
    }
    if (!text.empty()) {
        one->notes.push_back({text, text_of(call.body, "user")});
    }
    one->closed = one->closed || call.path[2] == "close";
    return take(of, one->id, true, "Done");
}

server_response show_request(const state& of, const std::string& id) {
    for (const request& one : of.requests) {
        if (one.id == id && one.done <= std::chrono::steady_clock::now()) {
            json::object data{{"isSuccess", one.success}, {"status", one.status}, {"alertId", one.alert}};
            return json_answer(
                200, json::object{{"data", std::move(data)}, {"took", 0.1}, {"requestId", id}}
            );
        }
    }
    server_response response = error_answer(404, "Request not found. It might not be processed, yet.");
    response.headers.emplace_back("X-Opsgenie-Errortype", "RequestNotProcessed");
    return response;
}

server_response enveloped(const asked& call, json::value data, const char* list = nullptr) {
    if (!call.jsm) {
        return json_answer(
            200, json::object{{"data", std::move(data)}, {"took", 0.1}, {"requestId", random_uuid()}}
        );
    }
    return json_answer(200, list != nullptr ? json::object{{list, std::move(data)}} : std::move(data));
}

server_response show_alert(const asked& call, const alert* one) {
    if (one == nullptr) {
        return error_answer(404, "Alert does not exist");
    }
    return enveloped(
        call,
        json::object{
            {"id", one->id},
            {"alias", one->alias},
            {"message", one->message},
            {"status", one->closed ? "closed" : "open"}}
    );
}

server_response read_alerts(state& of, const asked& call) {
    if (call.path.size() == 3 && call.path[1] == "requests") {
        return show_request(of, call.path[2]);
    }
    if (call.jsm && call.path.size() == 2 && call.path[1] == "alias") {
        return show_alert(call, of.find("alias", query_of(call, "alias")));
    }
    const std::string how = call.jsm ? "id" : query_of(call, "identifierType");
    alert* one = call.path.size() > 1 ? of.find(how, call.path[1]) : nullptr;
    if (call.path.size() == 2) {
        return show_alert(call, one);
    }
    if (call.path.size() == 3 && call.path[2] == "notes" && one != nullptr) {
        json::array all;
        for (std::size_t i = 0; i < one->notes.size(); ++i) {
            all.push_back(json::object{
                {"note", one->notes[i].text},
                {"owner", one->notes[i].owner},
                {"offset", std::to_string(i) + "_1"}});
        }
        return enveloped(call, std::move(all), "values");
    }
    return not_found();
}

server_response show_on_call(const state& of, const asked& call, const schedule& one) {
    json::array called;
    for (const std::string& id : one.on_call) {
        const user* who = of.find_user(id);
        if (call.jsm) {
            called.push_back(json::object{{"id", id}, {"type", "user"}});
        } else if (who != nullptr) {
            called.push_back(json::string(who->email));
        }
    }
    json::object data{{call.jsm ? "onCallParticipants" : "onCallRecipients", std::move(called)}};
    return enveloped(call, std::move(data));
}

server_response read_schedules(const state& of, const asked& call) {
    if (call.path.size() == 1) {
        json::array all;
        for (const schedule& one : of.schedules) {
            all.push_back(json::object{{"id", one.id}, {"name", one.name}});
        }
        return enveloped(call, std::move(all), "values");
    }
    const schedule* one = of.find_schedule(call.path[1]);
    if (one == nullptr || (call.jsm && one->id != call.path[1])) {
        return error_answer(404, "Schedule not found");
    }
    if (call.path.size() == 3 && call.path[2] == "on-calls") {
        const bool by_name = query_of(call, "scheduleIdentifierType") == "name";
        return !call.jsm && by_name != (one->name == call.path[1]) ? error_answer(404, "Schedule not found")
                                                                   : show_on_call(of, call, *one);
    }
    return enveloped(call, json::object{{"id", one->id}, {"name", one->name}});
}

server_response dispatch(state& of, const asked& call) {
    const std::string& first = call.path.front();
    if (call.method == "POST" && first == "alerts") {
        return call.path.size() == 1   ? make_alert(of, call)
               : call.path.size() == 3 ? change_alert(of, call)
                                       : not_found();
    }
    if (call.method != "GET") {
        return not_found();
    }
    if (first == "alerts") {
        return read_alerts(of, call);
    }
    if (first == "schedules") {
        return read_schedules(of, call);
    }
    if (first == "teams" && call.path.size() == 2) {
        return of.teams.contains(call.path[1]) ? enveloped(call, json::object{{"name", call.path[1]}})
                                               : not_found();
    }
    if (first == "users" && call.path.size() == 2) {
        const user* who = of.find_user(call.path[1]);
        return who == nullptr ? not_found()
                              : enveloped(call, json::object{{"id", who->id}, {"username", who->email}});
    }
    return not_found();
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

// An alias has a slash in it, which the path's decoding has laid open.
void join_alias(std::vector<std::string>& path) {
    if (path.size() >= 3 && path[0] == "alerts" && path[1] == "teleport-access-request") {
        path[1] += '/' + path[2];
        path.erase(path.begin() + 2);
    }
}

// Takes what stands before "alerts" and "schedules"; false where it is neither service's.
bool take_prefix(const state& of, asked& call) {
    std::vector<std::string>& path = call.path;
    const auto starts = [&](std::vector<std::string> with) {
        return path.size() > with.size() && std::equal(with.begin(), with.end(), path.begin());
    };
    std::size_t taken = 0;
    if (starts({"v2"})) {
        taken = 1;
    } else if (starts({"jsm", "ops", "integration", "v2"})) {
        taken = 4;
        call.jsm = true;
    } else if (starts({"jsm", "ops", "api", of.cloud_id, "v1"})) {
        taken = 5;
        call.jsm = true;
    }
    call.writes_alerts = call.jsm && taken == 4;
    path.erase(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(taken));
    join_alias(path);
    return taken > 0;
}

int refused_with(const state& of, const asked& call, std::string_view header) {
    const bool writes = call.method != "GET";
    if (call.jsm && !call.writes_alerts) {
        return header == "Basic " + to_base64(of.account) ? 0 : 401;
    }
    if (header == "GenieKey " + of.key) {
        return 0;
    }
    if (header == "GenieKey " + of.reading_key) {
        return writes ? 403 : 0;
    }
    return 401;
}

server_response show_account(const state& of, const net::server_request& request) {
    if (request.header("authorization") != "Basic " + to_base64(of.account)) {
        return error_answer(401, "Unauthorized");
    }
    const auto query = read_query(request.query);
    const auto id = query.find("accountId");
    const user* who = id == query.end() ? nullptr : of.find_user(id->second);
    return who == nullptr
               ? not_found()
               : json_answer(200, json::object{{"accountId", who->id}, {"emailAddress", who->email}});
}

} // namespace

server_response error_answer(int status, const std::string& message) {
    return json_answer(
        status, json::object{{"message", message}, {"took", 0.1}, {"requestId", random_uuid()}}
    );
}

std::string name_of_api_call(const net::server_request& request) {
    std::string name = request.method + " ";
    bool ours = false;
    for (const std::string& part : parts_of(request.path)) {
        ours = ours || part == "alerts" || part == "schedules" || part == "users" || part == "teams" ||
               part == "rest";
        const bool word =
            std::ranges::all_of(part, [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
        if (ours) {
            name += (name.ends_with(' ') ? "" : "/") +
                    (word && part != "teleport-access-request" ? part : "{id}");
        }
    }
    return name;
}

server_response answer_api_call(state& of, const net::server_request& request) {
    if (request.path == "/rest/api/3/user") {
        return show_account(of, request);
    }
    asked call;
    call.method = request.method;
    call.path = parts_of(request.path);
    call.query = read_query(request.query);
    if (!take_prefix(of, call) || call.path.empty()) {
        return not_found();
    }
    if (const int status = refused_with(of, call, request.header("authorization")); status != 0) {
        return error_answer(
            status,
            status == 401 ? "Could not authenticate" : "You are not authorized to access this resource"
        );
    }
    if (call.method != "GET") {
        json::error_code failed;
        json::value body = json::parse(request.body, failed);
        if (failed || !body.is_object()) {
            return error_answer(400, "Could not parse the request");
        }
        call.body = std::move(body.get_object());
    }
    return dispatch(of, call);
}

} // namespace hallpass::sandbox::opsgenie
