#include "sandbox/jira/jira_party.hpp"

#include "base/small_file.hpp"
#include "base/text.hpp"
#include "sandbox/callback_poster.hpp"
#include "sandbox/cluster_json.hpp"
#include "sandbox/jira/jira_state.hpp"
#include "sandbox/random_id.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <utility>

namespace hallpass::sandbox::jira {

namespace json = boost::json;
using boost::asio::awaitable;
using command_answer = outcome<json::value>;

namespace {

constexpr const char* json_type = "application/json;charset=UTF-8";
constexpr std::size_t largest_ca_file = 1024 * 1024;

std::string to_base64(const std::string& text) {
    std::string out(4 * ((text.size() + 2) / 3) + 1, '\0');
    const auto* const in = reinterpret_cast<const unsigned char*>(text.data());
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), in, static_cast<int>(text.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

std::string signature_of(const std::string& secret, const std::string& body) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    HMAC(
        EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
        reinterpret_cast<const unsigned char*>(body.data()), body.size(), digest.data(), &size
    );
    return "sha256=" + to_hex({reinterpret_cast<const char*>(digest.data()), size});
}

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

class jira_party final : public third_party {
public:
    explicit jira_party(third_party_environment environment)
        : environment_(environment), poster_(environment.executor, environment.out) {}

    void listening_at(const std::string& url) override { url_ = url; }

    awaitable<net::server_response> answer(net::server_request request) override;
    std::string method_of(const net::server_request& request) const override;
    net::server_response limit_rate(std::chrono::seconds wait) const override;
    json::object ready() const override;
    awaitable<command_answer> command(control_command asked) override;
    json::object view() const override;

    void reset() override { state_.reset(); }

    awaitable<void> close() override { return poster_.close(); }

private:
    reply route(const net::server_request& request, const std::vector<std::string>& path);
    reply route_issue(const net::server_request& request, const std::vector<std::string>& path);
    bool is_authorised(const net::server_request& request) const;
    awaitable<command_answer> move(json::object body);
    awaitable<json::object> deliver(std::string body, std::string secret);
    std::string webhook_for(const ticket& at, const std::string& user) const;
    command_answer change(const std::string& what, const json::object& body);
    command_answer set_callback(const json::object& body);
    json::object show_everything() const;

    third_party_environment environment_;
    callback_poster poster_;
    jira_state state_;
    std::string url_;
    std::string callback_;
};

std::vector<std::string> path_of(const net::server_request& request) {
    return split(request.path.substr(1), '/');
}

bool is_number(const std::string& word) {
    return !word.empty() && word.find_first_not_of("0123456789") == std::string::npos;
}

// "POST issue", "POST issue/comment", "POST search/jql".
std::string jira_party::method_of(const net::server_request& request) const {
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

net::server_response jira_party::limit_rate(std::chrono::seconds wait) const {
    return to_response({429, json::object{{"errorMessages", json::array{"Rate limit exceeded."}}}, wait});
}

bool jira_party::is_authorised(const net::server_request& request) const {
    const std::string basic = "Basic " + to_base64(std::string(our_email) + ':' + our_token);
    const std::string bearer = std::string("Bearer ") + our_token;
    return request.header("authorization") == (state_.cloud ? basic : bearer);
}

awaitable<net::server_response> jira_party::answer(net::server_request request) {
    const std::vector<std::string> path = path_of(request);
    const bool known = path.size() >= 4 && path[0] == "rest" && path[1] == "api" &&
                       (path[2] == "2" || (path[2] == "3" && state_.cloud));
    if (!known) {
        co_return net::server_response(404, "<html>Oops, you've found a dead link.</html>", "text/html");
    }
    if (path[3] != "serverInfo" && !is_authorised(request)) {
        co_return net::server_response(
            401, "Client must be authenticated to access this resource.", "text/html;charset=UTF-8"
        );
    }
    const reply answered = route(request, path);
    if (request.method != "GET") {
        environment_.changes.changed();
    }
    co_return to_response(answered);
}

json::object body_of(const net::server_request& request) {
    boost::system::error_code error;
    json::value parsed = json::parse(request.body, error);
    return !error && parsed.is_object() ? parsed.get_object() : json::object();
}

reply jira_party::route(const net::server_request& request, const std::vector<std::string>& path) {
    const std::string& what = path[3];
    const bool gets = request.method == "GET";
    if (gets && what == "serverInfo") {
        return {200, json::object{{"deploymentType", state_.cloud ? "Cloud" : "Server"}}, {}};
    }
    if (gets && what == "myself") {
        return {200, state_.user_json(our_account), {}};
    }
    if (gets && what == "project" && path.size() == 5) {
        return state_.project(path[4]);
    }
    if (gets && what == "mypermissions") {
        return state_.permissions();
    }
    if (gets && what == "user") {
        return state_.user(request.query);
    }
    if (what == "search") {
        const bool modern = path.size() == 5 && path[4] == "jql";
        if (modern != state_.cloud) {
            return {
                state_.cloud ? 410 : 404,
                json::object{{"errorMessages", json::array{"The requested API has been removed."}}},
                {}};
        }
        return state_.search(body_of(request));
    }
    return what == "issue" ? route_issue(request, path) : reply{404, json::object{}, {}};
}

reply jira_party::route_issue(const net::server_request& request, const std::vector<std::string>& path) {
    const bool gets = request.method == "GET";
    const bool posts = request.method == "POST";
    if (posts && !request.header("content-type").starts_with("application/json")) {
        return {415, json::object{}, {}};
    }
    if (posts && path.size() == 4) {
        return state_.create(body_of(request));
    }
    if (gets && path.size() == 5) {
        return state_.show(path[4], request.query);
    }
    if (path.size() == 6 && path[5] == "comment") {
        return posts ? state_.add_comment(path[4], our_account, body_of(request))
                     : state_.list_comments(path[4], request.query);
    }
    if (posts && path.size() == 6 && path[5] == "transitions") {
        const json::object body = body_of(request);
        const json::value* way = body.if_contains("transition");
        return state_.move(
            path[4], our_account, way && way->is_object() ? text_of(way->get_object(), "id") : std::string()
        );
    }
    if (gets && path.size() == 7 && path[5] == "properties") {
        return state_.property(path[4], path[6]);
    }
    return {404, json::object{}, {}};
}

json::object jira_party::ready() const {
    return {
        {"url", url_},
        {"username", our_email},
        {"token", our_token},
        {"project", project_key},
        {"webhook_secret", webhook_secret}};
}

// v2 form, with what Jira leaves out of webhooks (api-ticketing 1.6).
std::string jira_party::webhook_for(const ticket& at, const std::string& user) const {
    json::object who = state_.user_json(user);
    who.erase("emailAddress");
    const json::value change = at.histories.empty() ? json::value(json::object()) : at.histories.back();
    json::object changelog{{"items", json::array()}};
    if (change.is_object() && change.get_object().contains("items")) {
        changelog = {{"id", change.at("id")}, {"items", change.at("items")}};
    }
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return json::serialize(json::object{
        {"timestamp", std::chrono::duration_cast<std::chrono::milliseconds>(now).count()},
        {"webhookEvent", "jira:issue_updated"},
        {"issue_event_type_name", "issue_generic"},
        {"user", std::move(who)},
        {"issue", state_.issue_json(at, "")},
        {"changelog", std::move(changelog)}});
}

awaitable<json::object> jira_party::deliver(std::string body, std::string secret) {
    json::object told;
    if (callback_.empty()) {
        told["problem"] = "no callback is set";
        co_return told;
    }
    ports::http_request request(ports::http_method::post, callback_);
    request.headers = {
        {"Content-Type", "application/json; charset=UTF-8"},
        {"X-Atlassian-Webhook-Identifier", random_uuid()},
        {"X-Atlassian-Webhook-Flow", "Primary"}};
    if (!secret.empty()) {
        request.headers.emplace_back("X-Hub-Signature", signature_of(secret, body));
    }
    request.body = std::move(body);
    request.deadline = std::chrono::seconds(30);
    const posted_answer given = co_await poster_.post(std::move(request));
    told["status"] = given.status;
    told["ms"] = given.took.count();
    told["body"] = given.body;
    if (!given.problem.empty()) {
        told["problem"] = given.problem;
    }
    co_return told;
}

awaitable<command_answer> jira_party::move(json::object body) {
    const std::string issue = text_of(body, "issue");
    const std::string user = text_of(body, "user");
    const reply moved = state_.move(issue, user, state_.transition_to(text_of(body, "to")));
    const ticket* at = state_.find(issue);
    if (moved.status != 204 || !at) {
        co_return refusal{refusal_code::failed_precondition, json::serialize(moved.body)};
    }
    environment_.changes.changed();
    json::object told{{"status", 0}};
    std::string hook = webhook_for(*at, user);
    told["hook"] = hook;
    if (!flag_of(body, "silent", false)) {
        json::object given = co_await deliver(std::move(hook), webhook_secret);
        for (auto& [key, value] : given) {
            told[key] = value;
        }
    }
    co_return json::value(std::move(told));
}

command_answer jira_party::set_callback(const json::object& body) {
    callback_ = text_of(body, "url");
    if (const std::string path = text_of(body, "ca_file"); !path.empty()) {
        const auto read = read_small_file(path, largest_ca_file);
        if (!read) {
            return refusal{refusal_code::invalid_argument, read.error().text()};
        }
        poster_.trust(*read);
    }
    return json::value(json::object{{"ok", true}});
}

command_answer jira_party::change(const std::string& what, const json::object& body) {
    if (what == "callback") {
        return set_callback(body);
    }
    if (what == "site") {
        state_.cloud = flag_of(body, "cloud", state_.cloud);
        state_.index_lag = std::chrono::milliseconds(static_cast<long>(number_of(body, "lag_ms", 0)));
        const auto ways = texts_of(body, "without");
        state_.without = {ways.begin(), ways.end()};
        const auto rights = texts_of(body, "not_allowed");
        state_.not_allowed = {rights.begin(), rights.end()};
        return json::value(json::object{{"ok", true}});
    }
    ticket* at = state_.find(text_of(body, "issue"));
    if (!at) {
        return refusal{refusal_code::not_found, "Jira has no such issue"};
    }
    if (what == "property") {
        at->properties["teleportAccessRequestId"] = text_of(body, "request");
        return json::value(json::object{{"ok", true}});
    }
    if (what == "comment") {
        const std::string text = text_of(body, "text");
        json::value written(text);
        if (state_.cloud) {
            const json::object words{{"type", "text"}, {"text", text}};
            const json::object paragraph{{"type", "paragraph"}, {"content", json::array{json::value(words)}}};
            written = json::object{
                {"type", "doc"}, {"version", 1}, {"content", json::array{json::value(paragraph)}}};
        }
        const reply made = state_.add_comment(at->id, text_of(body, "user"), {{"body", std::move(written)}});
        return json::value(made.body);
    }
    return refusal{refusal_code::not_found, "no such command on Jira"};
}

awaitable<command_answer> jira_party::command(control_command asked) {
    const std::string what = asked.path.empty() ? std::string() : asked.path[0];
    if (asked.method == "GET") {
        co_return json::value(show_everything());
    }
    if (what == "move") {
        command_answer moved = co_await move(asked.body);
        co_return moved;
    }
    if (what == "send") {
        std::string secret = asked.body.contains("secret") ? text_of(asked.body, "secret") : webhook_secret;
        json::object told = co_await deliver(text_of(asked.body, "body"), std::move(secret));
        co_return json::value(std::move(told));
    }
    co_return change(what, asked.body);
}

json::object jira_party::show_everything() const {
    json::array all;
    for (const auto& [id, one] : state_.tickets()) {
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
    return {{"site", ready()}, {"issues", std::move(all)}};
}

json::object jira_party::view() const {
    json::array people;
    for (const person& one : state_.people()) {
        const bool ours = one.account_id == our_account;
        if (!ours) {
            people.push_back(json::object{
                {"id", one.account_id}, {"name", one.name}, {"role", one.type == "app" ? "app" : "person"}});
        }
    }
    json::array messages;
    for (const auto& [id, one] : state_.tickets()) {
        json::array replies;
        for (const comment& said : one.comments) {
            const std::string from = text_of(state_.user_json(said.author), "displayName");
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
    return {
        {"title", "Jira"},
        {"people", std::move(people)},
        {"conversations", std::move(conversations)},
        {"dialogs", json::array()},
        {"notices", json::array()}};
}

std::unique_ptr<third_party> make_jira(third_party_environment environment) {
    return std::make_unique<jira_party>(environment);
}

} // namespace

const third_party_kind jira_kind{"jira", make_jira};

} // namespace hallpass::sandbox::jira
