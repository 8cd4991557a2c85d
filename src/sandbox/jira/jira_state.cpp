#include "sandbox/jira/jira_state.hpp"

#include "base/text.hpp"
#include "base/time.hpp"
#include "sandbox/cluster_json.hpp"

#include <boost/json/serialize.hpp>
#include <boost/url/decode_view.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace hallpass::sandbox::jira {

namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

constexpr std::array<std::string_view, 4> statuses{"Pending", "Approved", "Denied", "Expired"};
constexpr std::array<std::string_view, 4> permission_keys{
    "BROWSE_PROJECTS", "CREATE_ISSUES", "TRANSITION_ISSUES", "ADD_COMMENTS"};
constexpr std::size_t longest_summary = 255;
constexpr std::size_t longest_text = 32767;
constexpr std::size_t most_writes = 20;

reply refused(int status, std::string_view said, json::object errors = {}) {
    json::array messages;
    if (!said.empty()) {
        messages.emplace_back(said);
    }
    return {status, json::object{{"errorMessages", std::move(messages)}, {"errors", std::move(errors)}}, 0s};
}

reply no_such_issue() {
    return refused(404, "Issue does not exist or you do not have permission to see it.");
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

std::size_t number(const std::string& text, std::size_t otherwise) {
    std::from_chars(text.data(), text.data() + text.size(), otherwise);
    return otherwise;
}

// Jira's form of a time.
std::string jira_time(std::chrono::system_clock::time_point at) {
    const instant shown = std::chrono::floor<std::chrono::milliseconds>(at);
    const auto part = (shown - std::chrono::floor<std::chrono::seconds>(shown)).count();
    const std::string text = to_rfc3339(std::chrono::floor<std::chrono::seconds>(shown));
    const std::string digits = std::to_string(1000 + part); // "1042"
    return text.substr(0, text.size() - 1) + '.' + digits.substr(1) + "+0000";
}

json::object status_json(const std::string& name) {
    return {{"id", jira_state::status_id(name)}, {"name", name}};
}

std::string parameter_of_jql(const std::string& jql, std::string_view before) {
    const std::size_t at = jql.find(before);
    if (at == std::string::npos) {
        return "";
    }
    const std::size_t begin = at + before.size();
    return jql.substr(begin, jql.find('"', begin) - begin);
}

} // namespace

jira_state::jira_state() {
    reset();
}

void jira_state::reset() {
    people_ = {
        {our_account, "JIRAUSER10000", "hallpass", our_email, "atlassian", true},
        {"557058:alice", "JIRAUSER10001", "Alice", "alice@example.com", "atlassian", true},
        {"557058:bob", "JIRAUSER10002", "Bob", "bob@example.com", "atlassian", true},
        {"557058:carol", "JIRAUSER10003", "Carol", "", "atlassian", true},
        {"557058:dave", "JIRAUSER10004", "Dave", "dave@example.com", "atlassian", true},
        {"557058:robot", "JIRAUSER10005", "Automation for Jira", "", "app", true},
    };
    tickets_.clear();
    last_id_ = 10'000;
    last_number_ = 0;
    cloud = true;
    index_lag = 0ms;
    without.clear();
    not_allowed.clear();
}

std::string jira_state::next_id() {
    return std::to_string(++last_id_);
}

std::string jira_state::status_id(const std::string& status) {
    const auto at = std::find(statuses.begin(), statuses.end(), status);
    return std::to_string(at - statuses.begin() + 1);
}

std::string jira_state::transition_to(const std::string& status) const {
    const bool known = std::find(statuses.begin(), statuses.end(), status) != statuses.end();
    return known && !without.contains(status) ? "10000" + status_id(status) : "";
}

ticket* jira_state::find(std::string_view id_or_key) {
    return const_cast<ticket*>(std::as_const(*this).find(id_or_key));
}

const ticket* jira_state::find(std::string_view id_or_key) const {
    for (const auto& [id, one] : tickets_) {
        if (id == id_or_key || one.key == id_or_key) {
            return &one;
        }
    }
    return nullptr;
}

bool jira_state::is_right_text(const json::value& text) const {
    if (!cloud) {
        return text.is_string() && text.get_string().size() <= longest_text;
    }
    const json::object* doc = text.if_object();
    return doc && text_of(*doc, "type") == "doc" && doc->contains("version") && doc->contains("content") &&
           json::serialize(*doc).size() <= longest_text;
}

reply jira_state::limit_writes(ticket& at) {
    const auto now = std::chrono::steady_clock::now();
    while (!at.writes.empty() && at.writes.front() + 2s < now) {
        at.writes.pop_front();
    }
    if (at.writes.size() >= most_writes) {
        reply limited = refused(429, "Rate limit exceeded.");
        limited.retry_after = 2s;
        return limited;
    }
    at.writes.push_back(now);
    at.updated = std::chrono::system_clock::now();
    return {};
}

reply jira_state::create(const json::object& body) {
    const json::value* given = body.if_contains("fields");
    const json::object fields = given && given->is_object() ? given->get_object() : json::object();
    const auto inside = [&](std::string_view name, std::string_view key) {
        const json::value* found = fields.if_contains(name);
        return found && found->is_object() ? text_of(found->get_object(), key) : std::string();
    };
    if (inside("project", "key") != project_key) {
        return refused(400, "", {{"project", "valid project is required"}});
    }
    if (not_allowed.contains("CREATE_ISSUES")) {
        return refused(400, "", {{"pid", "You cannot create issues in this project."}});
    }
    if (inside("issuetype", "name") != "Task") {
        return refused(400, "", {{"issuetype", "Specify a valid issue type"}});
    }
    const std::string summary = text_of(fields, "summary");
    if (summary.empty() || summary.size() > longest_summary || summary.find('\n') != std::string::npos) {
        return refused(400, "", {{"summary", "Summary must be less than 255 characters, on one line."}});
    }
    if (!fields.contains("description") || !is_right_text(fields.at("description"))) {
        return refused(
            400, "", {{"description", "Operation value must be an Atlassian Document or a string"}}
        );
    }
    ticket made;
    made.id = next_id();
    made.key = std::string(project_key) + '-' + std::to_string(++last_number_);
    made.creator = our_account;
    made.status = "Pending";
    made.fields = {{"summary", summary}, {"description", fields.at("description")}};
    made.created = std::chrono::system_clock::now();
    made.updated = made.created;
    if (const json::value* list = body.if_contains("properties"); list && list->is_array()) {
        for (const json::value& one : list->get_array()) {
            made.properties[text_of(one.as_object(), "key")] = one.as_object().at("value");
        }
    }
    reply answered{
        201, json::object{{"id", made.id}, {"key", made.key}, {"self", "https://jira/" + made.id}}, 0s};
    const std::string id = made.id;
    tickets_.emplace(id, std::move(made));
    return answered;
}

reply jira_state::add_comment(const std::string& issue, const std::string& author, const json::object& body) {
    ticket* at = find(issue);
    if (!at) {
        return no_such_issue();
    }
    const json::value* text = body.if_contains("body");
    if (!text || !is_right_text(*text)) {
        return refused(400, "", {{"comment", "Comment body is not valid!"}});
    }
    if (reply limited = limit_writes(*at); limited.status != 200) {
        return limited;
    }
    at->comments.push_back({next_id(), author, *text});
    return {
        201, json::object{{"id", at->comments.back().id}, {"author", user_json(author)}, {"body", *text}},
        0s};
}

reply jira_state::move(
    const std::string& issue, const std::string& author, const std::string& transition_id
) {
    ticket* at = find(issue);
    if (!at) {
        return no_such_issue();
    }
    for (const std::string_view name : statuses) {
        const std::string status(name);
        if (status == at->status || transition_to(status) != transition_id || transition_id.empty()) {
            continue;
        }
        if (reply limited = limit_writes(*at); limited.status != 200) {
            return limited;
        }
        json::object item{{"field", "status"},        {"fieldtype", "jira"},
                          {"fieldId", "status"},      {"from", status_id(at->status)},
                          {"fromString", at->status}, {"to", status_id(status)},
                          {"toString", status}};
        at->histories.push_back(json::object{
            {"id", next_id()},
            {"author", user_json(author)},
            {"created", jira_time(std::chrono::system_clock::now())},
            {"items", json::array{std::move(item)}}});
        at->status = status;
        return {204, nullptr, 0s};
    }
    return refused(400, "It seems that you have tried to perform an illegal workflow operation.");
}

json::object jira_state::user_json(const std::string& account_id) const {
    for (const person& one : people_) {
        if (one.account_id != account_id) {
            continue;
        }
        json::object made{{"displayName", one.name}, {"active", one.active}};
        if (cloud) {
            made["accountId"] = one.account_id;
            made["accountType"] = one.type;
        } else {
            made["key"] = one.key;
            made["name"] = lower_case(one.name);
        }
        if (!one.email.empty()) {
            made["emailAddress"] = one.email;
        }
        return made;
    }
    return {};
}

json::array jira_state::transitions_of(const ticket& one) const {
    json::array ways;
    for (const std::string_view name : statuses) {
        const std::string status(name);
        if (status != one.status && !transition_to(status).empty()) {
            ways.push_back(json::object{
                {"id", transition_to(status)}, {"name", "To " + status}, {"to", status_json(status)}});
        }
    }
    return ways;
}

reply jira_state::transitions(const std::string& issue) const {
    const ticket* at = find(issue);
    return at ? reply{200, json::object{{"transitions", transitions_of(*at)}}, 0s} : no_such_issue();
}

json::object jira_state::issue_json(const ticket& one, const std::string& query) const {
    json::object fields = one.fields;
    fields["status"] = status_json(one.status);
    fields["creator"] = user_json(one.creator);
    fields["updated"] = jira_time(one.updated);
    json::object made{{"id", one.id}, {"key", one.key}, {"fields", std::move(fields)}};
    const std::string expand = parameter(query, "expand");
    if (expand.find("transitions") != std::string::npos) {
        made["transitions"] = transitions_of(one);
    }
    if (expand.find("changelog") != std::string::npos) {
        json::array histories = one.histories;
        if (cloud) {
            std::reverse(histories.begin(), histories.end()); // the newest first
        }
        made["changelog"] = json::object{{"total", histories.size()}, {"histories", std::move(histories)}};
    }
    if (const std::string key = parameter(query, "properties");
        !key.empty() && one.properties.contains(key)) {
        made["properties"] = json::object{{key, one.properties.at(key)}};
    }
    return made;
}

reply jira_state::show(const std::string& issue, const std::string& query) const {
    const ticket* at = find(issue);
    return at ? reply{200, issue_json(*at, query), 0s} : no_such_issue();
}

reply jira_state::list_comments(const std::string& issue, const std::string& query) const {
    const ticket* at = find(issue);
    if (!at) {
        return no_such_issue();
    }
    std::vector<comment> ordered = at->comments;
    if (parameter(query, "orderBy") == "-created") {
        std::reverse(ordered.begin(), ordered.end());
    }
    const std::size_t start = number(parameter(query, "startAt"), 0);
    const std::size_t most = std::min<std::size_t>(number(parameter(query, "maxResults"), 50), 100);
    json::array page;
    for (std::size_t i = start; i < ordered.size() && page.size() < most; ++i) {
        page.push_back(json::object{
            {"id", ordered[i].id}, {"author", user_json(ordered[i].author)}, {"body", ordered[i].body}});
    }
    return {
        200,
        json::object{
            {"startAt", start},
            {"maxResults", most},
            {"total", ordered.size()},
            {"comments", std::move(page)}},
        0s};
}

reply jira_state::property(const std::string& issue, const std::string& key) const {
    const ticket* at = find(issue);
    if (!at || !at->properties.contains(key)) {
        return refused(404, "The property was not found.");
    }
    return {200, json::object{{"key", key}, {"value", at->properties.at(key)}}, 0s};
}

json::object jira_state::search_in(const std::string& query) {
    return {{"jql", parameter(query, "jql")}};
}

// Those that are asked for by name: Cloud gives none otherwise.
json::object jira_state::fields_of(const ticket& one, const json::object& asked) const {
    const json::object whole = issue_json(one, "").at("fields").as_object();
    json::object shown;
    if (const json::value* names = asked.if_contains("fields"); names != nullptr && names->is_array()) {
        for (const json::value& name : names->get_array()) {
            const std::string key = name.is_string() ? std::string(name.get_string()) : std::string();
            if (const json::value* value = whole.if_contains(key)) {
                shown[key] = *value;
            }
        }
    }
    return shown;
}

reply jira_state::search(const json::object& body) const {
    const std::string jql = text_of(body, "jql");
    if (jql.find("project = \"") != 0 || parameter_of_jql(jql, "project = \"") != project_key) {
        return refused(400, "The value does not exist for the field 'project'.");
    }
    const bool by_change = jql.find(" AND updated >= ") != std::string::npos;
    const std::size_t minutes =
        number(parameter_of_jql(jql, by_change ? "updated >= \"-" : "created >= \"-"), 0);
    const auto now = std::chrono::system_clock::now();
    json::array found;
    for (const auto& [id, one] : tickets_) {
        const auto at = by_change ? one.updated : one.created;
        const bool indexed = at + index_lag <= now;
        if (indexed && one.creator == our_account && at >= now - std::chrono::minutes(minutes)) {
            json::object shown{{"id", one.id}, {"key", one.key}};
            shown["fields"] = fields_of(one, body);
            if (cloud && body.contains("properties")) {
                shown["properties"] = one.properties;
            }
            found.push_back(std::move(shown));
        }
    }
    return {200, json::object{{"issues", std::move(found)}, {"isLast", true}}, 0s};
}

reply jira_state::project(const std::string& key) const {
    if (key != project_key) {
        return refused(404, "No project could be found with key '" + key + "'.");
    }
    const json::array types{
        json::object{{"id", "1"}, {"name", "Task"}}, json::object{{"id", "2"}, {"name", "Bug"}}};
    return {
        200, json::object{{"id", "1"}, {"key", key}, {"name", "Access Requests"}, {"issueTypes", types}}, 0s};
}

reply jira_state::permissions() const {
    json::object all;
    for (const std::string_view key : permission_keys) {
        all[key] = json::object{{"key", key}, {"havePermission", !not_allowed.contains(std::string(key))}};
    }
    return {200, json::object{{"permissions", std::move(all)}}, 0s};
}

reply jira_state::user(const std::string& query) const {
    const std::string wanted = parameter(query, cloud ? "accountId" : "key");
    for (const person& one : people_) {
        if ((cloud ? one.account_id : one.key) == wanted) {
            return {200, user_json(one.account_id), 0s};
        }
    }
    return refused(404, "The user does not exist");
}

} // namespace hallpass::sandbox::jira
