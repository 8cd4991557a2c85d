#include "sandbox/servicenow/servicenow_api.hpp"

#include "base/base64.hpp"
#include "base/text.hpp"
#include "sandbox/cluster_json.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/url/decode_view.hpp>

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

namespace hallpass::sandbox::servicenow {

namespace json = boost::json;

namespace {

constexpr const char* json_type = "application/json;charset=UTF-8";

std::string parameter(const std::string& query, std::string_view key) {
    for (const std::string& part : split(query, '&')) {
        if (part.starts_with(key) && part.size() > key.size() && part[key.size()] == '=') {
            boost::urls::encoding_opts form;
            form.space_as_plus = true;
            const boost::urls::decode_view decoded(std::string_view(part).substr(key.size() + 1), form);
            return {decoded.begin(), decoded.end()};
        }
    }
    return "";
}

net::server_response answered(int status, json::value what) {
    return net::server_response(
        status, json::serialize(json::object{{"result", std::move(what)}}), json_type
    );
}

net::server_response refused(int status, std::string_view message, std::string_view detail = "") {
    const json::object error{{"message", message}, {"detail", detail}};
    return net::server_response(
        status, json::serialize(json::object{{"error", error}, {"status", "failure"}}), json_type
    );
}

json::object with_fields(const json::object& row, const std::string& fields) {
    json::object shown;
    for (const auto& [column, value] : row) {
        const std::vector<std::string> wanted = split(fields, ',');
        if (fields.empty() || std::find(wanted.begin(), wanted.end(), std::string(column)) != wanted.end()) {
            shown[column] = value;
        }
    }
    return shown;
}

std::vector<std::string> path_of(const net::server_request& request) {
    return split(request.path.substr(1), '/');
}

bool is_authorised(const net::server_request& request) {
    const std::string basic = "Basic " + to_base64(std::string(our_name) + ':' + our_password);
    const std::string_view given = request.header("authorization");
    return given == basic || given == std::string("Bearer ") + our_bearer;
}

net::server_response give_token(const net::server_request& request) {
    const bool known = parameter(request.body, "client_id") == our_client &&
                       parameter(request.body, "client_secret") == our_client_secret;
    if (!known) {
        return net::server_response(
            401, R"({"error":"access_denied","error_description":"access_denied"})", json_type
        );
    }
    const json::object token{{"access_token", our_bearer}, {"expires_in", 1800}, {"token_type", "Bearer"}};
    return net::server_response(200, json::serialize(token), json_type);
}

net::server_response who_is_on_call(const site& at, const std::string& rota) {
    const auto found = at.on_call.find(rota);
    if (found == at.on_call.end()) {
        return refused(404, "No Record found");
    }
    json::array rows;
    for (const std::string& id : found->second) {
        rows.push_back(json::object{{"userId", id}, {"rota", rota}, {"order", 1}});
    }
    return answered(200, std::move(rows));
}

net::server_response create(site& at, const json::object& fields) {
    json::object made = fields;
    made["number"] = "INC" + std::to_string(10'000 + ++at.last_number);
    made["state"] = "1";
    made["active"] = "true";
    made["close_code"] = "";
    made["close_notes"] = "";
    for (const char* journal : {"comments", "work_notes"}) {
        made.emplace(journal, "");
    }
    const std::string description = text_of(made, "description");
    made["description"] = shortened(description, 4000, "");
    return answered(201, at.data.add("incident", std::move(made), our_name));
}

net::server_response
change(site& at, const std::string& table, const std::string& id, const json::object& fields) {
    json::object* row = at.data.find(table, id);
    if (!row) {
        return refused(404, "No Record found", "Record doesn't exist or ACL restricts the record retrieval");
    }
    const std::string state = text_of(fields, "state");
    const bool ends = table == "incident" && (state == "6" || state == "7");
    if (ends && (text_of(fields, "close_code").empty() || text_of(fields, "close_notes").empty())) {
        return refused(
            403, "Operation Failed",
            "Error: Data Policy Exception: The following fields are mandatory: Close code, Close notes"
        );
    }
    json::object wanted = fields;
    if (ends) {
        wanted["active"] = state == "7" ? "false" : "true";
    }
    at.data.change(table, *row, wanted, our_name);
    const json::object* changed = at.data.find(table, id);
    return answered(200, *changed);
}

net::server_response list(const site& at, const std::string& table, const std::string& query) {
    std::size_t most = 10'000;
    const std::string limit = parameter(query, "sysparm_limit");
    std::from_chars(limit.data(), limit.data() + limit.size(), most);
    std::size_t skip = 0;
    const std::string offset = parameter(query, "sysparm_offset");
    std::from_chars(offset.data(), offset.data() + offset.size(), skip);
    const bool hidden = table == "sys_journal_field" && !at.journal;
    std::size_t all = 0;
    json::array found;
    for (const json::object& row : at.data.select(table, parameter(query, "sysparm_query"))) {
        if (!hidden && all++ >= skip && found.size() < most) {
            found.push_back(with_fields(row, parameter(query, "sysparm_fields")));
        }
    }
    net::server_response response = answered(200, std::move(found));
    response.headers.emplace_back("X-Total-Count", std::to_string(all));
    return response;
}

net::server_response
work_on_table(site& at, const net::server_request& request, const std::vector<std::string>& path) {
    const std::string& table = path[3];
    const std::string fields = parameter(request.query, "sysparm_fields");
    if (request.method == "GET" && path.size() == 5) {
        const json::object* row = at.data.find(table, path[4]);
        return row ? answered(200, with_fields(*row, fields))
                   : refused(
                         404, "No Record found", "Record doesn't exist or ACL restricts the record retrieval"
                     );
    }
    if (request.method == "GET") {
        return list(at, table, request.query);
    }
    boost::system::error_code error;
    const json::value body = json::parse(request.body, error);
    if (error || !body.is_object()) {
        return refused(400, "Exception while reading request", "The payload is not valid JSON.");
    }
    if (request.method == "POST" && table == "incident" && path.size() == 4) {
        return create(at, body.get_object());
    }
    if (request.method == "PATCH" && path.size() == 5) {
        return change(at, table, path[4], body.get_object());
    }
    return refused(405, "Method not supported");
}

} // namespace

std::string name_of_api_call(const net::server_request& request) {
    const std::vector<std::string> path = path_of(request);
    const bool table = path.size() >= 4 && path[2] == "table";
    return request.method + ' ' + (table ? path[3] : path.back());
}

net::server_response refused_as_told(const fault_rule& rule) {
    return refused(rule.status != 0 ? rule.status : 500, rule.code.empty() ? "told to refuse" : rule.code);
}

net::server_response answer_api_call(site& at, const net::server_request& request) {
    const std::vector<std::string> path = path_of(request);
    if (request.path == "/oauth_token.do" && request.method == "POST") {
        return give_token(request);
    }
    if (path.size() < 4 || path[0] != "api" || path[1] != "now") {
        return net::server_response(404, "<html>Page not found</html>", "text/html");
    }
    if (!is_authorised(request)) {
        return refused(401, "User Not Authenticated", "Required to provide Auth information");
    }
    // A read has no content that could be of another type.
    const bool reads = request.method == "GET";
    if (request.header("accept") != "application/json" ||
        (!reads && request.header("content-type") != "application/json")) {
        return refused(400, "Accept and Content-Type must be application/json");
    }
    if (path[2] == "on_call_rota") {
        return who_is_on_call(at, parameter(request.query, "rota_ids"));
    }
    return path[2] == "table" ? work_on_table(at, request, path) : refused(404, "No such API");
}

} // namespace hallpass::sandbox::servicenow
