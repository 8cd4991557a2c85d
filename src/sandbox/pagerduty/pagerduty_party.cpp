#include "sandbox/pagerduty/pagerduty_party.hpp"

#include "base/text.hpp"
#include "sandbox/authorities_file.hpp"
#include "sandbox/cluster_json.hpp"
#include "sandbox/cluster_state.hpp"
#include "sandbox/pagerduty/pagerduty_api.hpp"
#include "sandbox/pagerduty/pagerduty_call.hpp"
#include "sandbox/pagerduty/pagerduty_incidents.hpp"
#include "sandbox/pagerduty/pagerduty_webhooks.hpp"
#include "sandbox/random_id.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>

namespace hallpass::sandbox::pagerduty {

namespace {

namespace json = boost::json;

constexpr const char* approve_action = "01SANDBOXAPPROVE0000000001";
constexpr const char* deny_action = "01SANDBOXDENY0000000000001";

refusal bad(std::string why) {
    return refusal{refusal_code::invalid_argument, std::move(why)};
}

json::value ok() {
    return json::object{{"ok", true}};
}

json::object shown_incident(const incident& one) {
    json::array notes;
    for (const note& each : one.notes) {
        notes.push_back(json::object{{"id", each.id}, {"user", each.user}, {"content", each.content}});
    }
    return {{"id", one.id},           {"title", one.title},       {"details", one.details},
            {"key", one.key},         {"service", one.service},   {"status", one.status},
            {"urgency", one.urgency}, {"notes", std::move(notes)}};
}

json::object press(const std::string& incident, const char* content, const char* label, const char* style) {
    return {
        {"label", label},
        {"style", style},
        {"path", "/pagerduty/note"},
        {"body", json::object{{"incident", incident}, {"content", content}}}};
}

class party final : public third_party {
public:
    explicit party(const third_party_environment& around)
        : changes_(around.changes), webhooks_(around.executor, around.out) {}

    void listening_at(const std::string& url) override { url_ = url; }

    boost::asio::awaitable<net::server_response> answer(net::server_request request) override {
        net::server_response made = answer_api_call(state_, request);
        if (request.method != "GET") {
            changes_.changed();
        }
        co_return made;
    }

    std::string method_of(const net::server_request& request) const override {
        return name_of_api_call(request);
    }

    net::server_response refuse(const fault_rule& rule) const override {
        const int status = rule.status != 0 ? rule.status : 500;
        return error_answer(status, 0, rule.code.empty() ? "told to refuse" : rule.code);
    }

    net::server_response limit_rate(std::chrono::seconds wait) const override {
        net::server_response made = error_answer(429, 2020, "Rate Limit Exceeded");
        made.headers.emplace_back("ratelimit-limit", "960");
        made.headers.emplace_back("ratelimit-remaining", "0");
        made.headers.emplace_back("ratelimit-reset", std::to_string(wait.count()));
        return made;
    }

    json::object ready() const override {
        return {
            {"url", url_},
            {"api_key", state_.key},
            {"read_only_key", state_.read_only_key},
            {"user_email", "hallpass@example.com"},
            {"service", "PSVCDB01"},
            {"webhook_secret", webhooks_.secret()},
            {"approve_action", approve_action},
            {"deny_action", deny_action}};
    }

    boost::asio::awaitable<outcome<json::value>> command(control_command asked) override;
    json::object view() const override;

    void reset() override {
        state_ = state();
        webhooks_.reset();
        changes_.changed();
    }

    boost::asio::awaitable<void> close() override { co_await webhooks_.close(); }

private:
    outcome<json::value> change(const std::string& what, const json::object& body);
    outcome<json::value> put_shift(const json::object& body);
    outcome<json::value> subscribe(const json::object& body);
    // The event's body; "" where there is no such thing to do.
    std::string act(const std::string& what, const json::object& body);
    std::string event_of(const std::string& type, const json::object& body, json::object data) const;
    json::object shown() const;

    change_signal& changes_;
    std::string url_;
    state state_;
    webhooks webhooks_;
};

std::string party::event_of(const std::string& type, const json::object& body, json::object data) const {
    std::string agent = text_of(body, "agent");
    if (agent.empty()) {
        agent = text_of(body, "user");
    }
    std::string id = text_of(body, "event_id");
    json::object event{
        {"id", id.empty() ? random_uuid() : id},
        {"event_type", type},
        {"resource_type", "incident"},
        {"occurred_at", to_rfc3339(wall_clock_now())},
        {"agent", reference(agent, "user_reference")},
        {"client", nullptr},
        {"data", std::move(data)}};
    return json::serialize(json::object{{"event", std::move(event)}});
}

std::string party::act(const std::string& what, const json::object& body) {
    incident* one = state_.find_incident(text_of(body, "incident"));
    const std::string who = text_of(body, "user");
    if (one == nullptr || state_.find_user(who) == nullptr) {
        return "";
    }
    const json::object about = reference(one->id, "incident_reference");
    if (what == "note") {
        one->notes.push_back({state_.next_id('N'), who, text_of(body, "content"), wall_clock_now()});
        one->log.push_back({"annotate_log_entry", who});
        json::object data{
            {"id", one->notes.back().id},
            {"type", "incident_note"},
            {"incident", about},
            {"content", text_of(body, "content")},
            {"trimmed", false}};
        return event_of("incident.annotated", body, std::move(data));
    }
    if (what == "action") {
        const std::string action = text_of(body, "action") == "approve" ? approve_action
                                   : text_of(body, "action") == "deny"  ? deny_action
                                                                        : text_of(body, "action");
        std::string id = "01" + random_uuid();
        std::erase(id, '-');
        state_.invocations.push_back({id, action, one->id, who});
        json::object data{
            {"id", id},
            {"type", "incident_action_invocation"},
            {"incident", about},
            {"action", reference(action, "action_reference")},
            {"state", "created"}};
        return event_of("incident.action_invocation.created", body, std::move(data));
    }
    one->status = what == "resolve" ? "resolved" : "acknowledged";
    one->log.push_back({what + "_log_entry", who});
    return event_of("incident." + one->status, body, incident_json(*one));
}

outcome<json::value> party::put_shift(const json::object& body) {
    shift wanted{
        text_of(body, "user"), text_of(body, "policy"), text_of(body, "schedule"),
        static_cast<int>(number_of(body, "level", 1))};
    if (state_.find_user(wanted.user) == nullptr) {
        return bad("no such user");
    }
    if (wanted.policy.empty()) {
        wanted.policy = "PPOLDB01";
    }
    std::erase_if(state_.shifts, [&](const shift& one) {
        return one.user == wanted.user && one.policy == wanted.policy && one.schedule == wanted.schedule;
    });
    if (flag_of(body, "on", true)) {
        state_.shifts.push_back(wanted);
    }
    return ok();
}

outcome<json::value> party::subscribe(const json::object& body) {
    const outcome<std::string> authorities = read_authorities(body);
    if (!authorities) {
        return authorities.error();
    }
    webhooks_.subscribe(text_of(body, "url"), text_of(body, "secret"), *authorities);
    return ok();
}

outcome<json::value> party::change(const std::string& what, const json::object& body) {
    if (what == "webhook") {
        return subscribe(body);
    }
    if (what == "on_call") {
        return put_shift(body);
    }
    if (what == "user") {
        const std::string id = text_of(body, "id");
        const std::string role = text_of(body, "role");
        std::erase_if(state_.users, [&](const user& one) { return one.id == id; });
        state_.users.push_back(
            {id, text_of(body, "name"), text_of(body, "email"), role.empty() ? "user" : role,
             flag_of(body, "invited_only", false)}
        );
        return ok();
    }
    return refusal{refusal_code::not_found, "no such command; see pagerduty_party.hpp"};
}

json::object party::shown() const {
    json::array incidents;
    for (const incident& one : state_.incidents) {
        incidents.push_back(shown_incident(one));
    }
    json::array shifts;
    for (const shift& one : state_.shifts) {
        shifts.push_back(json::object{
            {"user", one.user}, {"policy", one.policy}, {"schedule", one.schedule}, {"level", one.level}});
    }
    return {{"incidents", std::move(incidents)}, {"on_call", std::move(shifts)}};
}

boost::asio::awaitable<outcome<json::value>> party::command(control_command asked) {
    if (asked.method == "GET" && asked.path.empty()) {
        co_return outcome<json::value>(json::value(shown()));
    }
    if (asked.method != "POST" || asked.path.size() != 1) {
        co_return outcome<json::value>(refusal{refusal_code::not_found, "no such command"});
    }
    const std::string what = asked.path.front();
    const bool is_deed = what == "note" || what == "action" || what == "acknowledge" || what == "resolve";
    if (!is_deed && what != "forge") {
        co_return change(what, asked.body);
    }
    std::string body = is_deed ? act(what, asked.body) : text_of(asked.body, "body");
    if (body.empty()) {
        co_return outcome<json::value>(bad("no such incident or user"));
    }
    changes_.changed();
    std::string secret = text_of(asked.body, "secret");
    if (secret.empty()) {
        secret = webhooks_.secret();
    }
    json::object told;
    if (flag_of(asked.body, "deliver", true)) {
        told = co_await webhooks_.deliver(body, secret);
    }
    told["body"] = body;
    co_return outcome<json::value>(json::value(std::move(told)));
}

json::object party::view() const {
    json::array people;
    for (const user& one : state_.users) {
        people.push_back(json::object{
            {"id", one.id}, {"name", one.name}, {"role", one.email + ", " + one.role}});
    }
    json::array conversations;
    for (const service& at : state_.services) {
        json::array messages;
        for (const incident& one : state_.incidents) {
            if (one.service != at.id) {
                continue;
            }
            json::array replies;
            for (const note& each : one.notes) {
                const user* by = state_.find_user(each.user);
                replies.push_back(json::object{
                    {"id", each.id}, {"from", by ? by->name : each.user}, {"text", each.content}});
            }
            json::object message{
                {"id", one.id},
                {"from", "hallpass"},
                {"text", one.title + "\n" + one.details},
                {"fields", json::array{json::value(json::array{"Status", one.status})}},
                {"replies", std::move(replies)}};
            message["actions"] = json::array{
                press(one.id, "approve", "Note: approve", "good"),
                press(one.id, "deny", "Note: deny", "bad")};
            messages.push_back(std::move(message));
        }
        conversations.push_back(json::object{
            {"id", at.id}, {"name", at.name}, {"messages", std::move(messages)}});
    }
    return view_of("PagerDuty", std::move(people), std::move(conversations));
}

std::unique_ptr<third_party> make_party(third_party_environment environment) {
    return std::make_unique<party>(environment);
}

} // namespace

constinit const third_party_kind pagerduty_party_kind{"pagerduty", make_party};

} // namespace hallpass::sandbox::pagerduty
