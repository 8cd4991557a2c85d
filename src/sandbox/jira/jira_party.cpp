#include "sandbox/jira/jira_party.hpp"

#include "base/hmac.hpp"
#include "base/text.hpp"
#include "sandbox/cluster_json.hpp"
#include "sandbox/jira/jira_api.hpp"
#include "sandbox/jira/jira_state.hpp"
#include "sandbox/jira/jira_view.hpp"
#include "sandbox/random_id.hpp"
#include "sandbox/webhook_sender.hpp"

#include <boost/json/serialize.hpp>

#include <chrono>
#include <utility>

namespace hallpass::sandbox::jira {

namespace json = boost::json;
using boost::asio::awaitable;
using command_answer = outcome<json::value>;

namespace {

class jira_party final : public third_party {
public:
    explicit jira_party(third_party_environment environment)
        : environment_(environment), webhooks_(environment.executor, environment.out) {}

    void listening_at(const std::string& url) override { url_ = url; }

    awaitable<net::server_response> answer(net::server_request request) override {
        net::server_response made = answer_api_call(state_, url_, request);
        if (request.method != "GET") {
            environment_.changes.changed();
        }
        co_return made;
    }

    std::string method_of(const net::server_request& request) const override {
        return name_of_api_call(request);
    }

    net::server_response limit_rate(std::chrono::seconds wait) const override { return rate_limited(wait); }

    json::object ready() const override;
    awaitable<command_answer> command(control_command asked) override;

    json::object view() const override { return page_view(state_); }

    void reset() override { state_.reset(); }

    awaitable<void> close() override { return webhooks_.close(); }

private:
    awaitable<command_answer> move(json::object body);
    awaitable<json::object> deliver(std::string body, std::string secret);
    std::string webhook_for(const ticket& at, const std::string& user) const;
    command_answer change(const std::string& what, const json::object& body);

    third_party_environment environment_;
    webhook_sender webhooks_;
    jira_state state_;
    std::string url_;
};

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
    ports::http_headers headers{
        {"Content-Type", "application/json; charset=UTF-8"},
        {"X-Atlassian-Webhook-Identifier", random_uuid()},
        {"X-Atlassian-Webhook-Flow", "Primary"}};
    if (!secret.empty()) {
        headers.emplace_back("X-Hub-Signature", "sha256=" + to_hex(hmac_sha256(secret, body)));
    }
    return webhooks_.deliver(std::move(headers), std::move(body));
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

command_answer jira_party::change(const std::string& what, const json::object& body) {
    if (what == "callback") {
        return webhooks_.set_target(body);
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
        co_return json::value(json::object{{"site", ready()}, {"issues", all_issues(state_)}});
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

std::unique_ptr<third_party> make_jira(third_party_environment environment) {
    return std::make_unique<jira_party>(environment);
}

} // namespace

const third_party_kind jira_kind{"jira", make_jira};

} // namespace hallpass::sandbox::jira
