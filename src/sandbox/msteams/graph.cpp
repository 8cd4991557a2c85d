#include "base/text.hpp"
#include "sandbox/msteams/calls.hpp"
#include "sandbox/random_id.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/url/pct_string_view.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace hallpass::sandbox::msteams {

namespace json = boost::json;

namespace {

using clauses = std::vector<std::pair<std::string, std::string>>;

// "field eq 'text' or …": what is more or less than that is refused, as OData would.
std::optional<clauses> parse_filter(std::string_view text) {
    clauses found;
    while (true) {
        const std::size_t space = text.find(" eq '");
        if (space == std::string_view::npos || text.substr(0, space).find(' ') != std::string_view::npos) {
            return std::nullopt;
        }
        const std::string field(text.substr(0, space));
        text.remove_prefix(space + 5);
        std::string value;
        while (true) {
            if (text.empty()) {
                return std::nullopt;
            }
            const char c = text.front();
            text.remove_prefix(1);
            if (c == '\'' && !text.starts_with('\'')) {
                break;
            }
            if (c == '\'') {
                text.remove_prefix(1);
            }
            value += c;
        }
        found.emplace_back(field, lower_case(value));
        if (text.empty()) {
            return found;
        }
        if (!text.starts_with(" or ")) {
            return std::nullopt;
        }
        text.remove_prefix(4);
    }
}

std::string parameter(const std::string& query, std::string_view name) {
    for (const std::string& part : split(query, '&')) {
        if (part.starts_with(name) && part.size() > name.size() && part[name.size()] == '=') {
            const auto value =
                boost::urls::make_pct_string_view(std::string_view(part).substr(name.size() + 1));
            return value ? value->decode() : std::string("?");
        }
    }
    return "";
}

json::object list_of(json::array all) {
    return json::object{{"value", std::move(all)}};
}

json::object to_json(const person& one) {
    return json::object{
        {"id", one.id},
        {"mail", one.mail.empty() ? json::value(nullptr) : json::value(one.mail)},
        {"userPrincipalName", one.principal_name},
        {"accountEnabled", one.enabled},
        {"userType", one.guest ? "Guest" : "Member"}};
}

net::server_response bad_filter() {
    return refusal_of(400, "BadRequest", "Invalid filter clause");
}

net::server_response denied() {
    return refusal_of(
        403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."
    );
}

net::server_response not_found() {
    return refusal_of(404, "Request_ResourceNotFound", "Resource does not exist.");
}

net::server_response find_users(const state& teams, const std::string& query) {
    const auto wanted = parse_filter(parameter(query, "$filter"));
    if (!wanted) {
        return bad_filter();
    }
    json::array all;
    for (const person& one : teams.people) {
        const bool hit = std::ranges::any_of(*wanted, [&](const auto& clause) {
            const auto& [field, value] = clause;
            return (field == "id" && one.id == value) || (field == "mail" && lower_case(one.mail) == value) ||
                   (field == "userPrincipalName" && lower_case(one.principal_name) == value);
        });
        if (hit && !one.elsewhere) {
            all.push_back(to_json(one));
        }
    }
    return json_answer(200, list_of(std::move(all)));
}

net::server_response list_installed(const std::string& query, const std::string& installation) {
    const auto wanted = parse_filter(parameter(query, "$filter"));
    if (!wanted || wanted->size() != 1 || wanted->front().first != "teamsApp/id") {
        return bad_filter();
    }
    json::array all;
    if (!installation.empty() && wanted->front().second == catalogue_id) {
        all.push_back(json::object{
            {"id", installation},
            {"teamsApp", json::object{{"id", catalogue_id}, {"externalId", manifest_id}}}});
    }
    return json_answer(200, list_of(std::move(all)));
}

net::server_response install(person& whose, const std::string& body) {
    boost::system::error_code error;
    const json::value parsed = json::parse(body, error);
    const json::value* bind =
        !error && parsed.is_object() ? parsed.get_object().if_contains("teamsApp@odata.bind") : nullptr;
    const std::string wanted =
        std::string("https://graph.microsoft.com/v1.0/appCatalogs/teamsApps/") + catalogue_id;
    if (bind == nullptr || !bind->is_string() || bind->get_string() != wanted) {
        return refusal_of(400, "BadRequest", "Bad or missing teamsApp@odata.bind");
    }
    if (!whose.installation.empty()) {
        return refusal_of(409, "Conflict", "App already installed");
    }
    whose.installation = random_uuid();
    return net::server_response(201);
}

net::server_response of_user(state& teams, const api_call& call) {
    person* whose = teams.find_person(call.path[1]);
    if (whose == nullptr || whose->elsewhere) {
        return not_found();
    }
    const std::vector<std::string>& path = call.path;
    if (path.size() == 2 && call.method == "GET") {
        return teams.permissions.contains("User.Read.All") ? json_answer(200, to_json(*whose)) : denied();
    }
    const bool apps = path.size() >= 4 && lower_case(path[2]) == "teamwork" && path[3] == "installedApps";
    if (!apps) {
        return refusal_of(400, "BadRequest", "Resource not found for the segment");
    }
    if (!teams.permissions.contains("TeamsAppInstallation.ReadWriteSelfForUser.All")) {
        return refusal_of(403, "Forbidden", "Missing role permissions on the request.");
    }
    if (path.size() == 4) {
        return call.method == "POST" ? install(*whose, call.body)
                                     : list_installed(call.query, whose->installation);
    }
    if (path[4] != whose->installation) {
        return refusal_of(404, "NotFound", "No such installation");
    }
    if (call.method == "DELETE" && path.size() == 5) {
        whose->installation.clear();
        return net::server_response(204);
    }
    if (call.method == "GET" && path.size() == 6 && path[5] == "chat" && teams.chats_are_known) {
        return json_answer(200, json::object{{"id", teams.chat_of(*whose).id}, {"chatType", "oneOnOne"}});
    }
    return refusal_of(404, "NotFound", "No chat");
}

} // namespace

net::server_response answer_graph(state& teams, const api_call& call) {
    const auto token = teams.tokens.find(call.bearer);
    if (token == teams.tokens.end() || token->second != "graph") {
        return refusal_of(401, "InvalidAuthenticationToken", "Access token is empty or invalid.");
    }
    const std::vector<std::string>& path = call.path;
    if (path == std::vector<std::string>{"appCatalogs", "teamsApps"}) {
        if (!teams.permissions.contains("AppCatalog.Read.All")) {
            return refusal_of(403, "Forbidden", "Missing role permissions on the request.");
        }
        const auto wanted = parse_filter(parameter(call.query, "$filter"));
        if (!wanted || wanted->size() != 1 || wanted->front().first != "externalId") {
            return bad_filter();
        }
        json::array all;
        if (wanted->front().second == manifest_id) {
            all.push_back(json::object{
                {"id", catalogue_id}, {"externalId", manifest_id}, {"displayName", "hallpass"}});
        }
        return json_answer(200, list_of(std::move(all)));
    }
    if (path == std::vector<std::string>{"users"}) {
        return teams.permissions.contains("User.Read.All") ? find_users(teams, call.query) : denied();
    }
    if (path.size() >= 2 && path[0] == "users") {
        return of_user(teams, call);
    }
    if (path.size() == 3 && path[0] == "teams" && path[2] == "installedApps") {
        const auto found = std::ranges::find(teams.teams, path[1], &team::id);
        return found == teams.teams.end() ? not_found()
                                          : list_installed(call.query, found->has_app ? "1" + found->id : "");
    }
    return refusal_of(400, "BadRequest", "Resource not found for the segment");
}

} // namespace hallpass::sandbox::msteams
