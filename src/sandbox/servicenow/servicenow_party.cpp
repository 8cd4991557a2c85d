#include "sandbox/servicenow/servicenow_party.hpp"

#include "base/small_file.hpp"
#include "base/text.hpp"
#include "sandbox/callback_poster.hpp"
#include "sandbox/cluster_json.hpp"
#include "sandbox/servicenow/servicenow_tables.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/url/decode_view.hpp>
#include <openssl/evp.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

namespace hallpass::sandbox::servicenow {

namespace json = boost::json;
using boost::asio::awaitable;
using command_answer = outcome<json::value>;

namespace {

constexpr const char* json_type = "application/json;charset=UTF-8";
constexpr std::size_t largest_ca_file = 1024 * 1024;
constexpr const char* our_name = "hallpass";
constexpr const char* our_password = "servicenow-sandbox-password";
constexpr const char* our_client = "0123456789abcdef0123456789abcdef";
constexpr const char* our_client_secret = "servicenow-sandbox-client-secret";
constexpr const char* our_bearer = "servicenow-sandbox-bearer";
constexpr const char* webhook_secret = "servicenow-sandbox-webhook-secret";

std::string to_base64(const std::string& text) {
    std::string out(4 * ((text.size() + 2) / 3) + 1, '\0');
    const auto* const in = reinterpret_cast<const unsigned char*>(text.data());
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), in, static_cast<int>(text.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

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

class servicenow_party final : public third_party {
public:
    explicit servicenow_party(third_party_environment environment)
        : environment_(environment), poster_(environment.executor, environment.out) {}

    void listening_at(const std::string& url) override { url_ = url; }

    awaitable<net::server_response> answer(net::server_request request) override;
    std::string method_of(const net::server_request& request) const override;
    net::server_response refuse(const fault_rule& rule) const override;
    json::object ready() const override;
    awaitable<command_answer> command(control_command asked) override;
    json::object view() const override;

    void reset() override {
        tables_.reset();
        on_call_.clear();
        journal_ = true;
        last_number_ = 0;
    }

    awaitable<void> close() override { return poster_.close(); }

private:
    bool is_authorised(const net::server_request& request) const;
    net::server_response give_token(const net::server_request& request) const;
    net::server_response
    work_on_table(const net::server_request& request, const std::vector<std::string>& path);
    net::server_response list(const std::string& table, const std::string& query) const;
    net::server_response create(const json::object& fields);
    net::server_response change(const std::string& table, const std::string& id, const json::object& fields);
    net::server_response who_is_on_call(const std::string& rota) const;
    awaitable<command_answer> approve(json::object body);
    awaitable<json::object> deliver(std::string body, std::string secret);
    command_answer run(const std::string& what, const json::object& body);
    json::object* incident(const std::string& id_or_number);
    json::array notes_of(const std::string& id) const;

    third_party_environment environment_;
    callback_poster poster_;
    tables tables_;
    std::map<std::string, std::set<std::string>> on_call_; // rota: sys_ids of users
    bool journal_ = true;
    unsigned last_number_ = 0;
    std::string url_;
    std::string callback_;
};

std::vector<std::string> path_of(const net::server_request& request) {
    return split(request.path.substr(1), '/');
}

// "POST incident", "GET sys_user", "GET whoisoncall".
std::string servicenow_party::method_of(const net::server_request& request) const {
    const std::vector<std::string> path = path_of(request);
    const bool table = path.size() >= 4 && path[2] == "table";
    return request.method + ' ' + (table ? path[3] : path.back());
}

net::server_response servicenow_party::refuse(const fault_rule& rule) const {
    return refused(rule.status != 0 ? rule.status : 500, rule.code.empty() ? "told to refuse" : rule.code);
}

bool servicenow_party::is_authorised(const net::server_request& request) const {
    const std::string basic = "Basic " + to_base64(std::string(our_name) + ':' + our_password);
    const std::string_view given = request.header("authorization");
    return given == basic || given == std::string("Bearer ") + our_bearer;
}

net::server_response servicenow_party::give_token(const net::server_request& request) const {
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

awaitable<net::server_response> servicenow_party::answer(net::server_request request) {
    std::vector<std::string> path = path_of(request);
    if (request.path == "/oauth_token.do" && request.method == "POST") {
        co_return give_token(request);
    }
    if (path.size() < 4 || path[0] != "api" || path[1] != "now") {
        co_return net::server_response(404, "<html>Page not found</html>", "text/html");
    }
    if (!is_authorised(request)) {
        co_return refused(401, "User Not Authenticated", "Required to provide Auth information");
    }
    // A read has no content that could be of another type.
    const bool reads = request.method == "GET";
    if (request.header("accept") != "application/json" ||
        (!reads && request.header("content-type") != "application/json")) {
        co_return refused(400, "Accept and Content-Type must be application/json");
    }
    if (path[2] == "on_call_rota") {
        co_return who_is_on_call(parameter(request.query, "rota_ids"));
    }
    net::server_response made =
        path[2] == "table" ? work_on_table(request, path) : refused(404, "No such API");
    if (request.method != "GET") {
        environment_.changes.changed();
    }
    co_return made;
}

net::server_response servicenow_party::who_is_on_call(const std::string& rota) const {
    const auto found = on_call_.find(rota);
    if (found == on_call_.end()) {
        return refused(404, "No Record found");
    }
    json::array rows;
    for (const std::string& id : found->second) {
        rows.push_back(json::object{{"userId", id}, {"rota", rota}, {"order", 1}});
    }
    return answered(200, std::move(rows));
}

net::server_response servicenow_party::list(const std::string& table, const std::string& query) const {
    std::size_t most = 10'000;
    const std::string limit = parameter(query, "sysparm_limit");
    std::from_chars(limit.data(), limit.data() + limit.size(), most);
    std::size_t skip = 0;
    const std::string offset = parameter(query, "sysparm_offset");
    std::from_chars(offset.data(), offset.data() + offset.size(), skip);
    const bool hidden = table == "sys_journal_field" && !journal_;
    std::size_t all = 0;
    json::array found;
    for (const json::object& row : tables_.select(table, parameter(query, "sysparm_query"))) {
        if (!hidden && all++ >= skip && found.size() < most) {
            found.push_back(with_fields(row, parameter(query, "sysparm_fields")));
        }
    }
    net::server_response response = answered(200, std::move(found));
    response.headers.emplace_back("X-Total-Count", std::to_string(all));
    return response;
}

net::server_response
servicenow_party::work_on_table(const net::server_request& request, const std::vector<std::string>& path) {
    const std::string& table = path[3];
    const std::string fields = parameter(request.query, "sysparm_fields");
    if (request.method == "GET" && path.size() == 5) {
        const json::object* row = tables_.find(table, path[4]);
        return row ? answered(200, with_fields(*row, fields))
                   : refused(
                         404, "No Record found", "Record doesn't exist or ACL restricts the record retrieval"
                     );
    }
    if (request.method == "GET") {
        return list(table, request.query);
    }
    boost::system::error_code error;
    const json::value body = json::parse(request.body, error);
    if (error || !body.is_object()) {
        return refused(400, "Exception while reading request", "The payload is not valid JSON.");
    }
    if (request.method == "POST" && table == "incident" && path.size() == 4) {
        return create(body.get_object());
    }
    if (request.method == "PATCH" && path.size() == 5) {
        return change(table, path[4], body.get_object());
    }
    return refused(405, "Method not supported");
}

net::server_response servicenow_party::create(const json::object& fields) {
    json::object made = fields;
    made["number"] = "INC" + std::to_string(10'000 + ++last_number_);
    made["state"] = "1";
    made["active"] = "true";
    made["close_code"] = "";
    made["close_notes"] = "";
    for (const char* journal : {"comments", "work_notes"}) {
        made.emplace(journal, "");
    }
    const std::string description = text_of(made, "description");
    made["description"] = shortened(description, 4000, "");
    return answered(201, tables_.add("incident", std::move(made), our_name));
}

net::server_response
servicenow_party::change(const std::string& table, const std::string& id, const json::object& fields) {
    json::object* row = tables_.find(table, id);
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
    tables_.change(table, *row, wanted, our_name);
    const json::object* changed = tables_.find(table, id);
    return answered(200, *changed);
}

json::object servicenow_party::ready() const {
    return {
        {"url", url_},
        {"username", our_name},
        {"password", our_password},
        {"client_id", our_client},
        {"client_secret", our_client_secret},
        {"webhook_secret", webhook_secret}};
}

json::object* servicenow_party::incident(const std::string& id_or_number) {
    for (const json::object& row : tables_.rows("incident")) {
        if (text_of(row, "sys_id") == id_or_number || text_of(row, "number") == id_or_number) {
            return tables_.find("incident", text_of(row, "sys_id"));
        }
    }
    return nullptr;
}

awaitable<json::object> servicenow_party::deliver(std::string body, std::string secret) {
    json::object told;
    if (callback_.empty()) {
        told["problem"] = "no callback is set";
        co_return told;
    }
    ports::http_request request(ports::http_method::post, callback_);
    request.headers = {{"Content-Type", "application/json"}};
    if (!secret.empty()) {
        request.headers.emplace_back("X-Hallpass-Secret", std::move(secret));
    }
    request.body = std::move(body);
    request.deadline = std::chrono::seconds(30);
    const posted_answer given = co_await poster_.post(std::move(request));
    told["status"] = given.status;
    told["body"] = given.body;
    if (!given.problem.empty()) {
        told["problem"] = given.problem;
    }
    co_return told;
}

awaitable<command_answer> servicenow_party::approve(json::object body) {
    const json::object* at = incident(text_of(body, "incident"));
    const json::object* who = tables_.user(text_of(body, "user"));
    if (!at || !who) {
        co_return refusal{refusal_code::not_found, "ServiceNow has no such incident or user"};
    }
    const std::string by = text_of(body, "by");
    const json::object row{
        {"sysapproval", at->at("sys_id")},
        {"approver", who->at("sys_id")},
        {"state", text_of(body, "state").empty() ? "approved" : text_of(body, "state")}};
    const std::string id(tables_.add("sysapproval_approver", row, by.empty() ? text_of(body, "user") : by)
                             .at("sys_id")
                             .as_string());
    environment_.changes.changed();
    json::object told{{"status", 0}, {"approval", id}};
    if (!flag_of(body, "silent", false)) {
        std::string hook = json::serialize(json::object{{"approval", id}});
        json::object given = co_await deliver(std::move(hook), webhook_secret);
        for (auto& [key, value] : given) {
            told[key] = value;
        }
    }
    co_return json::value(std::move(told));
}

command_answer servicenow_party::run(const std::string& what, const json::object& body) {
    const json::value ok(json::object{{"ok", true}});
    if (what == "callback") {
        callback_ = text_of(body, "url");
        if (const std::string path = text_of(body, "ca_file"); !path.empty()) {
            const auto read = read_small_file(path, largest_ca_file);
            if (!read) {
                return refusal{refusal_code::invalid_argument, read.error().text()};
            }
            poster_.trust(*read);
        }
        return ok;
    }
    if (what == "site") {
        journal_ = flag_of(body, "journal", journal_);
        return ok;
    }
    if (what == "on_call") {
        const json::object* who = tables_.user(text_of(body, "user"));
        auto& people = on_call_[text_of(body, "rota")];
        if (who) {
            people.insert(text_of(*who, "sys_id"));
        }
        return ok;
    }
    json::object* at = incident(text_of(body, "incident"));
    if (what == "correlate" && at) {
        (*at)["correlation_id"] = text_of(body, "request");
        return ok;
    }
    return refusal{refusal_code::not_found, "no such command on ServiceNow"};
}

awaitable<command_answer> servicenow_party::command(control_command asked) {
    const std::string what = asked.path.empty() ? std::string() : asked.path[0];
    if (asked.method == "GET") {
        json::array incidents;
        for (const json::object& row : tables_.rows("incident")) {
            json::object shown = row;
            shown["notes"] = notes_of(text_of(row, "sys_id"));
            incidents.push_back(std::move(shown));
        }
        co_return json::value(json::object{{"site", ready()}, {"incidents", std::move(incidents)}});
    }
    if (what == "approve") {
        command_answer done = co_await approve(asked.body);
        co_return done;
    }
    if (what == "send") {
        std::string secret = asked.body.contains("secret") ? text_of(asked.body, "secret") : webhook_secret;
        json::object told = co_await deliver(text_of(asked.body, "body"), std::move(secret));
        co_return json::value(std::move(told));
    }
    co_return run(what, asked.body);
}

json::array servicenow_party::notes_of(const std::string& id) const {
    json::array notes;
    for (const json::object& row : tables_.rows("sys_journal_field")) {
        if (text_of(row, "element_id") == id) {
            notes.push_back(json::object{{"by", row.at("sys_created_by")}, {"text", row.at("value")}});
        }
    }
    return notes;
}

json::object servicenow_party::view() const {
    json::array people;
    for (const json::object& one : tables_.rows("sys_user")) {
        if (text_of(one, "user_name") != our_name) {
            people.push_back(json::object{
                {"id", one.at("user_name")}, {"name", one.at("user_name")}, {"role", "person"}});
        }
    }
    json::array messages;
    for (const json::object& row : tables_.rows("incident")) {
        json::array replies;
        for (const json::value& note : notes_of(text_of(row, "sys_id"))) {
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
    return {
        {"title", "ServiceNow"},
        {"people", std::move(people)},
        {"conversations", std::move(conversations)},
        {"dialogs", json::array()},
        {"notices", json::array()}};
}

std::unique_ptr<third_party> make_servicenow(third_party_environment environment) {
    return std::make_unique<servicenow_party>(environment);
}

} // namespace

const third_party_kind servicenow_kind{"servicenow", make_servicenow};

} // namespace hallpass::sandbox::servicenow
