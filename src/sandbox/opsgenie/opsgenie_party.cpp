#include "sandbox/opsgenie/opsgenie_party.hpp"

#include "sandbox/cluster_json.hpp"
#include "sandbox/opsgenie/opsgenie_api.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace hallpass::sandbox::opsgenie {

namespace {

namespace json = boost::json;

json::value ok() {
    return json::object{{"ok", true}};
}

class party final : public third_party {
public:
    explicit party(const third_party_environment& around) : changes_(around.changes) {}

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
        return error_answer(
            rule.status != 0 ? rule.status : 500, rule.code.empty() ? "told to refuse" : rule.code
        );
    }

    net::server_response limit_rate(std::chrono::seconds wait) const override {
        net::server_response made = error_answer(429, "You are making too many requests!");
        made.headers.emplace_back("X-RateLimit-State", "THROTTLED");
        made.headers.emplace_back("X-RateLimit-Reason", "ACCOUNT");
        made.headers.emplace_back("X-RateLimit-Period-In-Sec", wait.count() > 1 ? "60" : "1");
        return made;
    }

    json::object ready() const override {
        return {
            {"url", url_},
            {"api_key", state_.key},
            {"reading_api_key", state_.reading_key},
            {"cloud_id", state_.cloud_id},
            {"user_email", state_.account.substr(0, state_.account.find(':'))},
            {"api_token", state_.account.substr(state_.account.find(':') + 1)}};
    }

    boost::asio::awaitable<outcome<json::value>> command(control_command asked) override {
        if (asked.method == "GET" && asked.path.empty()) {
            co_return outcome<json::value>(json::value(shown()));
        }
        if (asked.method != "POST" || asked.path.size() != 1) {
            co_return outcome<json::value>(refusal{refusal_code::not_found, "no such command"});
        }
        co_return change(asked.path.front(), asked.body);
    }

    json::object view() const override;

    void reset() override {
        state_ = state();
        changes_.changed();
    }

    boost::asio::awaitable<void> close() override { co_return; }

private:
    outcome<json::value> change(const std::string& what, const json::object& body);
    json::object shown() const;

    change_signal& changes_;
    std::string url_;
    state state_;
};

outcome<json::value> party::change(const std::string& what, const json::object& body) {
    if (what == "lag") {
        state_.lag = std::chrono::milliseconds(static_cast<int>(number_of(body, "ms", 100)));
        return ok();
    }
    if (what == "close") {
        alert* one = state_.find("id", text_of(body, "alert"));
        if (one == nullptr) {
            return refusal{refusal_code::invalid_argument, "no such alert"};
        }
        one->closed = true;
        return ok();
    }
    if (what == "on_call") {
        const std::string who = text_of(body, "user");
        const std::string where = text_of(body, "schedule");
        const auto found = std::ranges::find_if(state_.schedules, [&](const schedule& one) {
            return one.id == where || one.name == where;
        });
        if (state_.find_user(who) == nullptr || found == state_.schedules.end()) {
            return refusal{refusal_code::invalid_argument, "no such user or schedule"};
        }
        if (flag_of(body, "on", true)) {
            found->on_call.insert(who);
        } else {
            found->on_call.erase(who);
        }
        return ok();
    }
    return refusal{refusal_code::not_found, "no such command; see opsgenie_party.hpp"};
}

json::object party::shown() const {
    json::array alerts;
    for (const alert& one : state_.alerts) {
        json::array notes;
        for (const note& each : one.notes) {
            notes.push_back(json::string(each.text));
        }
        json::object made{
            {"id", one.id},
            {"alias", one.alias},
            {"message", one.message},
            {"closed", one.closed},
            {"description", one.description},
            {"count", one.count},
            {"priority", one.priority},
            {"responders", one.responders}};
        made["notes"] = std::move(notes);
        alerts.push_back(std::move(made));
    }
    json::array schedules;
    for (const schedule& one : state_.schedules) {
        json::array called;
        for (const std::string& id : one.on_call) {
            called.push_back(json::string(id));
        }
        schedules.push_back(json::object{{"id", one.id}, {"name", one.name}, {"on_call", std::move(called)}});
    }
    return {{"alerts", std::move(alerts)}, {"schedules", std::move(schedules)}};
}

json::object party::view() const {
    json::array messages;
    for (const alert& one : state_.alerts) {
        json::array replies;
        for (std::size_t i = 0; i < one.notes.size(); ++i) {
            replies.push_back(json::object{
                {"id", one.id + std::to_string(i)}, {"from", one.notes[i].owner}, {"text", one.notes[i].text}}
            );
        }
        json::object message{
            {"id", one.id},
            {"from", "hallpass"},
            {"text", one.message + "\n" + one.description},
            {"replies", std::move(replies)}};
        message["fields"] = json::array{
            json::array{"Status", one.closed ? "closed" : "open"}, json::array{"Responders", one.responders}};
        messages.push_back(std::move(message));
    }
    json::array people;
    for (const user& one : state_.users) {
        people.push_back(json::object{{"id", one.id}, {"name", one.email}, {"role", ""}});
    }
    json::array conversations{
        json::object{{"id", "alerts"}, {"name", "Alerts"}, {"messages", std::move(messages)}}};
    return view_of("Opsgenie", std::move(people), std::move(conversations));
}

std::unique_ptr<third_party> make_party(third_party_environment environment) {
    return std::make_unique<party>(environment);
}

} // namespace

constinit const third_party_kind opsgenie_party_kind{"opsgenie", make_party};

} // namespace hallpass::sandbox::opsgenie
