#include "sandbox/jira/jira_api.hpp"

#include "base/base64.hpp"
#include "base/text.hpp"
#include "sandbox/cluster_json.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <vector>

namespace hallpass::sandbox::jira {

namespace json = boost::json;

namespace {

constexpr const char* json_type = "application/json;charset=UTF-8";

net::server_response to_response(const reply& answered) {
    net::server_response made(
        answered.status, answered.status == 204 ? "" : json::serialize(answered.body), json_type
    );
    if (answered.retry_after.count() > 0) {
        made.headers.emplace_back("Retry-After", std::to_string(answered.retry_after.count()));
        made.headers.emplace_back("RateLimit-Reason", "jira-per-issue-on-write");
    }
    return made;
}

std::vector<std::string> path_of(const net::server_request& request) {
    return split(request.path.substr(1), '/');
}

bool is_number(const std::string& word) {
    return !word.empty() && word.find_first_not_of("0123456789") == std::string::npos;
}

bool is_authorised(const jira_state& state, const net::server_request& request) {
    const std::string basic = "Basic " + to_base64(std::string(our_email) + ':' + our_token);
    const std::string bearer = std::string("Bearer ") + our_token;
    return request.header("authorization") == (state.cloud ? basic : bearer);
}

json::object body_of(const net::server_request& request) {
    boost::system::error_code error;
    json::value parsed = json::parse(request.body, error);
    return !error && parsed.is_object() ? parsed.get_object() : json::object();
}

// A number will do as well, which some clients send.
std::string transition_in(const json::object& body) {
    const json::value* way = body.if_contains("transition");
    if (!way || !way->is_object()) {
        return "";
    }
    const json::value* id = way->get_object().if_contains("id");
    return id && id->is_int64() ? std::to_string(id->get_int64()) : text_of(way->get_object(), "id");
}

reply route_issue(
    jira_state& state, const net::server_request& request, const std::vector<std::string>& path
) {
    const bool gets = request.method == "GET";
    const bool posts = request.method == "POST";
    if (posts && !request.header("content-type").starts_with("application/json")) {
        return {415, json::object{}, {}};
    }
    if (posts && path.size() == 4) {
        return state.create(body_of(request));
    }
    if (gets && path.size() == 5) {
        return state.show(path[4], request.query);
    }
    if (path.size() == 6 && path[5] == "comment") {
        return posts ? state.add_comment(path[4], our_account, body_of(request))
                     : state.list_comments(path[4], request.query);
    }
    if (gets && path.size() == 6 && path[5] == "transitions") {
        return state.transitions(path[4]);
    }
    if (posts && path.size() == 6 && path[5] == "transitions") {
        const json::object body = body_of(request);
        return state.move(path[4], our_account, transition_in(body));
    }
    if (gets && path.size() == 7 && path[5] == "properties") {
        return state.property(path[4], path[6]);
    }
    return {404, json::object{}, {}};
}

json::object server_info(const jira_state& state, const std::string& url) {
    const json::array numbers = state.cloud ? json::array{1001, 0, 0} : json::array{10, 3, 5};
    return {
        {"baseUrl", url},
        {"version", state.cloud ? "1001.0.0-SNAPSHOT" : "10.3.5"},
        {"versionNumbers", numbers},
        {"deploymentType", state.cloud ? "Cloud" : "Server"}};
}

reply route(
    jira_state& state,
    const std::string& url,
    const net::server_request& request,
    const std::vector<std::string>& path
) {
    const std::string& what = path[3];
    const bool gets = request.method == "GET";
    if (gets && what == "serverInfo") {
        return {200, server_info(state, url), {}};
    }
    if (gets && what == "field") {
        return {200, json::array(), {}}; // none beside Jira's own
    }
    if (gets && what == "myself") {
        return {200, state.user_json(our_account), {}};
    }
    if (gets && what == "project" && path.size() == 5) {
        return state.project(path[4]);
    }
    if (gets && what == "mypermissions") {
        return state.permissions();
    }
    if (gets && what == "user") {
        return state.user(request.query);
    }
    if (what == "search") {
        const bool modern = path.size() == 5 && path[4] == "jql";
        if (modern != state.cloud) {
            return {
                state.cloud ? 410 : 404,
                json::object{{"errorMessages", json::array{"The requested API has been removed."}}},
                {}};
        }
        return state.search(gets ? jira_state::search_in(request.query) : body_of(request));
    }
    return what == "issue" ? route_issue(state, request, path) : reply{404, json::object{}, {}};
}

} // namespace

std::string name_of_api_call(const net::server_request& request) {
    const std::vector<std::string> path = path_of(request);
    std::string name;
    for (std::size_t i = 3; i < path.size(); ++i) {
        const bool id = is_number(path[i]) || path[i].starts_with(project_key);
        if (!id) {
            name += (name.empty() ? "" : "/") + path[i];
        }
    }
    return request.method + ' ' + name;
}

net::server_response rate_limited(std::chrono::seconds wait) {
    return to_response({429, json::object{{"errorMessages", json::array{"Rate limit exceeded."}}}, wait});
}

net::server_response
answer_api_call(jira_state& state, const std::string& url, const net::server_request& request) {
    const std::vector<std::string> path = path_of(request);
    const bool known = path.size() >= 4 && path[0] == "rest" && path[1] == "api" &&
                       (path[2] == "2" || (path[2] == "3" && state.cloud));
    if (!known) {
        return net::server_response(404, "<html>Oops, you've found a dead link.</html>", "text/html");
    }
    if (path[3] != "serverInfo" && !is_authorised(state, request)) {
        return net::server_response(
            401, "Client must be authenticated to access this resource.", "text/html;charset=UTF-8"
        );
    }
    return to_response(route(state, url, request, path));
}

} // namespace hallpass::sandbox::jira
