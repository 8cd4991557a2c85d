#include "sandbox/servicenow/servicenow_party.hpp"

#include "sandbox/cluster_json.hpp"
#include "sandbox/servicenow/servicenow_api.hpp"
#include "sandbox/servicenow/servicenow_site.hpp"
#include "sandbox/servicenow/servicenow_view.hpp"
#include "sandbox/webhook_sender.hpp"

#include <boost/json/serialize.hpp>

#include <utility>

namespace hallpass::sandbox::servicenow {

namespace json = boost::json;
using boost::asio::awaitable;
using command_answer = outcome<json::value>;

namespace {

class servicenow_party final : public third_party {
public:
    explicit servicenow_party(third_party_environment environment)
        : environment_(environment), webhooks_(environment.executor, environment.out) {}

    void listening_at(const std::string& url) override { url_ = url; }

    awaitable<net::server_response> answer(net::server_request request) override {
        net::server_response made = answer_api_call(site_, request);
        if (request.method != "GET") {
            environment_.changes.changed();
        }
        co_return made;
    }

    std::string method_of(const net::server_request& request) const override {
        return name_of_api_call(request);
    }

    net::server_response refuse(const fault_rule& rule) const override { return refused_as_told(rule); }

    json::object ready() const override;
    awaitable<command_answer> command(control_command asked) override;

    json::object view() const override { return page_view(site_); }

    void reset() override { site_ = site(); }

    awaitable<void> close() override { return webhooks_.close(); }

private:
    awaitable<command_answer> approve(json::object body);
    awaitable<json::object> deliver(std::string body, std::string secret);
    command_answer run(const std::string& what, const json::object& body);
    json::object* incident(const std::string& id_or_number);

    third_party_environment environment_;
    webhook_sender webhooks_;
    site site_;
    std::string url_;
};

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
    for (const json::object& row : site_.data.rows("incident")) {
        if (text_of(row, "sys_id") == id_or_number || text_of(row, "number") == id_or_number) {
            return site_.data.find("incident", text_of(row, "sys_id"));
        }
    }
    return nullptr;
}

awaitable<json::object> servicenow_party::deliver(std::string body, std::string secret) {
    ports::http_headers headers{{"Content-Type", "application/json"}};
    if (!secret.empty()) {
        headers.emplace_back("X-Hallpass-Secret", std::move(secret));
    }
    return webhooks_.deliver(std::move(headers), std::move(body));
}

awaitable<command_answer> servicenow_party::approve(json::object body) {
    const json::object* at = incident(text_of(body, "incident"));
    const json::object* who = site_.data.user(text_of(body, "user"));
    if (!at || !who) {
        co_return refusal{refusal_code::not_found, "ServiceNow has no such incident or user"};
    }
    const std::string by = text_of(body, "by");
    const json::object row{
        {"sysapproval", at->at("sys_id")},
        {"approver", who->at("sys_id")},
        {"state", text_of(body, "state").empty() ? "approved" : text_of(body, "state")}};
    const std::string id(site_.data.add("sysapproval_approver", row, by.empty() ? text_of(body, "user") : by)
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
        return webhooks_.set_target(body);
    }
    if (what == "site") {
        site_.journal = flag_of(body, "journal", site_.journal);
        return ok;
    }
    if (what == "on_call") {
        const json::object* who = site_.data.user(text_of(body, "user"));
        auto& people = site_.on_call[text_of(body, "rota")];
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
        co_return json::value(json::object{{"site", ready()}, {"incidents", all_incidents(site_)}});
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

std::unique_ptr<third_party> make_servicenow(third_party_environment environment) {
    return std::make_unique<servicenow_party>(environment);
}

} // namespace

const third_party_kind servicenow_kind{"servicenow", make_servicenow};

} // namespace hallpass::sandbox::servicenow
