#include "services/jira/client.hpp"

#include "base/text.hpp"
#include "services/json_members.hpp"

#include <boost/json/array.hpp>

#include <array>
#include <utility>

namespace hallpass::services::jira {

namespace json = boost::json;
using access::message_ref;
using boost::asio::awaitable;
using ports::http_method;

namespace {

struct permission {
    std::string_view key;
    std::string_view name; // as Jira's administration calls it
};

constexpr std::array<permission, 4> needed{{
    {"BROWSE_PROJECTS", "Browse Projects"},
    {"CREATE_ISSUES", "Create Issues"},
    {"TRANSITION_ISSUES", "Transition Issues"},
    {"ADD_COMMENTS", "Add Comments"},
}};

bool has_permission(const json::object& permissions, std::string_view key) {
    const json::value* have = object_of(permissions, key).if_contains("havePermission");
    return have && have->is_bool() && have->get_bool();
}

std::string names_in(const json::array& list) {
    std::vector<std::string> names;
    for (const json::value& member : list) {
        if (const json::object* one = member.if_object()) {
            names.push_back(one_line(text_of(*one, "name"), 60));
        }
    }
    return joined(names, ", ");
}

bool is_among(const json::array& list, const std::string& name) {
    for (const json::value& member : list) {
        const json::object* one = member.if_object();
        if (one && text_of(*one, "name") == name) {
            return true;
        }
    }
    return false;
}

} // namespace

jira_service::jira_service(jira_config config, ports::service_environment environment)
    : config_(std::move(config)),
      time_(environment.time),
      out_(environment.out),
      api_(environment.http, config_),
      issues_(api_, config_, environment.time, environment.out) {}

awaitable<result<std::string>> jira_service::check() {
    call asked(http_method::get, "myself");
    const result<json::object> me = co_await api_.ask(std::move(asked));
    if (me.has_error()) {
        co_return me.error();
    }
    const result<std::string> project = co_await check_project();
    if (project.has_error()) {
        co_return project.error();
    }
    const result<void> allowed = co_await check_permissions();
    if (allowed.has_error()) {
        co_return allowed.error();
    }
    co_return one_line(text_of(*me, "displayName"), 80) + " in project " + *project;
}

awaitable<result<std::string>> jira_service::check_project() {
    call asked(http_method::get, "project/" + config_.project, "project");
    const result<json::object> project = co_await api_.ask(std::move(asked));
    if (project.has_error()) {
        fault why = project.error();
        if (why.kind() == fault_kind::not_found) {
            co_return fault(
                fault_kind::permanent,
                "Jira: no project " + one_line(config_.project, 60) +
                    ", or the account may not see it; correct jira.project, which is the "
                    "key at the beginning of its issues' names"
            );
        }
        co_return why;
    }
    const json::array& types = array_of(*project, "issueTypes");
    if (!types.empty() && !is_among(types, config_.issue_type)) {
        co_return fault(
            fault_kind::permanent, "Jira: project " + one_line(config_.project, 60) +
                                       " has no issue type \"" + one_line(config_.issue_type, 60) +
                                       "\"; set jira.issue_type to one of: " + one_line(names_in(types), 300)
        );
    }
    co_return one_line(text_of(*project, "key"), 60) + " (" + one_line(text_of(*project, "name"), 80) + ')';
}

awaitable<result<void>> jira_service::check_permissions() {
    std::string keys;
    for (const permission& one : needed) {
        keys.append(keys.empty() ? "" : ",").append(one.key);
    }
    call asked(
        http_method::get, "mypermissions?projectKey=" + config_.project + "&permissions=" + keys,
        "mypermissions"
    );
    const result<json::object> reply = co_await api_.ask(std::move(asked));
    if (reply.has_error()) {
        co_return reply.error();
    }
    std::string missing;
    for (const permission& one : needed) {
        if (!has_permission(object_of(*reply, "permissions"), one.key)) {
            missing.append(missing.empty() ? "" : ", ").append(one.name);
        }
    }
    if (!missing.empty()) {
        co_return fault(
            fault_kind::unauthorised, "Jira: the account lacks " + missing + " in project " +
                                          one_line(config_.project, 60) + "; give it these permissions there"
        );
    }
    co_return result<void>();
}

std::optional<std::vector<std::string>> jira_service::recipients(const access::access_request&) const {
    return std::vector<std::string>{config_.project};
}

awaitable<result<access::address>> jira_service::resolve(std::string recipient) {
    co_return access::address(std::move(recipient));
}

awaitable<result<std::optional<access::address>>> jira_service::resolve_requester(std::string) {
    co_return std::optional<access::address>();
}

awaitable<result<message_ref>>
jira_service::post(access::address to, access::card shown, access::delivery_key key) {
    result<message_ref> made = co_await issues_.create(std::move(to.id), shown, std::move(key));
    if (made.has_error() || !access::is_resolved(shown.state)) {
        co_return made;
    }
    const result<void> settled = co_await issues_.settle(made->conversation, std::move(shown));
    if (settled.has_error()) {
        // The issue is there: whoever tries again finds it, and settles it then.
        fault half = settled.error();
        half.set_uncertain(true);
        co_return half;
    }
    co_return made;
}

awaitable<result<void>> jira_service::update(message_ref message, access::card shown) {
    if (!access::is_resolved(shown.state)) {
        co_return result<void>();
    }
    const result<void> settled = co_await issues_.settle(std::move(message.conversation), std::move(shown));
    co_return settled;
}

awaitable<result<message_ref>>
jira_service::reply(message_ref message, access::card shown, std::size_t index, access::delivery_key key) {
    if (index >= shown.reviews.size()) {
        co_return fault(
            fault_kind::bug, "a comment for review " + std::to_string(index) + ", which isn't there"
        );
    }
    const drawing draw = [&](const amounts& room) { return review_facts(shown, index, room); };
    auto made = co_await issues_.comment(std::move(message.conversation), draw, std::move(key));
    co_return made;
}

awaitable<result<message_ref>>
jira_service::tell_outcome(message_ref message, access::card, access::delivery_key) {
    co_return message; // requesters have no issue of their own
}

awaitable<result<std::optional<message_ref>>>
jira_service::find(access::address to, message_ref thread, access::delivery_key key, instant since) {
    if (!thread.id.empty()) {
        auto comment = co_await issues_.find_comment(std::move(thread.conversation), std::move(key));
        co_return comment;
    }
    auto found = co_await issues_.find_issue(std::move(to.id), std::move(key), since);
    co_return found;
}

std::vector<ports::callback_route> jira_service::take_decisions(ports::decision_desk& desk) {
    if (config_.webhook_secret.empty() && config_.poll_interval == std::chrono::milliseconds(0)) {
        return {};
    }
    decisions_ = std::make_unique<decisions>(config_, api_, issues_, time_, out_, desk);
    return decisions_->routes();
}

} // namespace hallpass::services::jira
