#include "sandbox/msteams/msteams_party.hpp"

#include "base/text.hpp"
#include "sandbox/cluster_json.hpp"
#include "sandbox/msteams/calls.hpp"
#include "sandbox/msteams/clicks.hpp"
#include "sandbox/msteams/signer.hpp"
#include "sandbox/msteams/state.hpp"
#include "sandbox/msteams/view.hpp"
#include "sandbox/random_id.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <utility>

namespace hallpass::sandbox {

namespace json = boost::json;

namespace {

using namespace msteams;
using answered = outcome<json::value>;

json::value done() {
    return json::object{{"ok", true}};
}

class party final : public third_party {
public:
    explicit party(const third_party_environment& around)
        : clicks_(around.executor, around.out, teams_, keys_), changes_(around.changes) {}

    void listening_at(const std::string& url) override {
        url_ = url;
        clicks_.set_service_url(url + "teams/");
    }

    boost::asio::awaitable<net::server_response> answer(net::server_request request) override {
        net::server_response made = route(std::move(request));
        changes_.changed();
        co_return made;
    }

    // "POST token", "GET users", "POST activities", "GET keys": the last word that is no id.
    std::string method_of(const net::server_request& request) const override {
        const std::vector<std::string> path = split(request.path, '/');
        const auto word = std::find_if(path.rbegin(), path.rend(), [](const std::string& one) {
            return !one.empty() && std::ranges::all_of(one, [](char c) {
                return (c >= 'a' && c <= 'z') || c == 'A' || c == 'T';
            });
        });
        return request.method + ' ' + (word == path.rend() ? std::string() : *word);
    }

    net::server_response refuse(const fault_rule& rule) const override {
        return refusal_of(
            rule.status != 0 ? rule.status : 500, rule.code.empty() ? "ServiceError" : rule.code,
            "told to refuse"
        );
    }

    net::server_response limit_rate(std::chrono::seconds wait) const override {
        net::server_response made = refusal_of(429, "TooManyRequests", "API calls quota exceeded");
        made.headers.emplace_back("Retry-After", std::to_string(wait.count()));
        return made;
    }

    json::object ready() const override {
        return json::object{
            {"login_url", url_ + "login/"},
            {"graph_url", url_ + "graph/v1.0/"},
            {"bot_url", url_ + "teams/"},
            {"bot_login_url", url_ + "botlogin/v1/"},
            {"app_id", app_id},
            {"app_secret", app_secret},
            {"tenant_id", tenant_id},
            {"teams_app_id", manifest_id},
            {"channel", teams_.conversations[0].id},
            {"channel_link", link_to(teams_.teams[0].id)},
            {"link_without_app", link_to(teams_.teams[1].id)}};
    }

    boost::asio::awaitable<answered> command(control_command asked) override {
        if (asked.method == "POST" && asked.path == std::vector<std::string>{"click"}) {
            close_dialog(text_of(asked.body, "dialog"));
            answered clicked = co_await clicks_.click(std::move(asked.body));
            co_return clicked;
        }
        co_return run(asked);
    }

    json::object view() const override {
        json::array open;
        for (const json::object& one : dialogs_) {
            open.push_back(one);
        }
        return view_of(teams_, std::move(open));
    }

    void reset() override {
        teams_.fill();
        dialogs_.clear();
    }

    boost::asio::awaitable<void> close() override { co_await clicks_.close(); }

private:
    std::string link_to(const std::string& team) const {
        return "https://teams.microsoft.com/l/channel/19%3Aapprovals0123456789%40thread.tacv2/"
               "Approvals?groupId=" +
               team + "&tenantId=" + tenant_id;
    }

    net::server_response route(net::server_request request) {
        api_call call;
        std::vector<std::string> path = split(request.path, '/');
        std::erase(path, "");
        constexpr std::string_view scheme = "Bearer ";
        const std::string_view authorization = request.header("authorization");
        call.bearer = authorization.starts_with(scheme) ? authorization.substr(scheme.size()) : "";
        call.method = request.method;
        call.query = request.query;
        call.body = std::move(request.body);
        if (path.size() == 5 && path[0] == "login" && path[4] == "token" && call.method == "POST") {
            return answer_login(teams_, keys_, path[1], call.body);
        }
        if (path.size() >= 2 && path[0] == "botlogin" && call.method == "GET") {
            return publish(path.back());
        }
        if (path.size() >= 2 && (path[0] == "graph" || path[0] == "teams")) {
            call.path.assign(path.begin() + 2, path.end());
            return path[0] == "graph" ? answer_graph(teams_, call) : answer_connector(teams_, call);
        }
        return net::server_response(404);
    }

    net::server_response publish(const std::string& document) const {
        if (document == "openidconfiguration") {
            return json_answer(
                200,
                json::object{
                    {"issuer", "https://api.botframework.com"},
                    {"jwks_uri", url_ + "botlogin/v1/.well-known/keys"},
                    {"id_token_signing_alg_values_supported", json::array{"RS256"}}}
            );
        }
        return document == "keys" ? json_answer(200, keys_.published()) : net::server_response(404);
    }

    // Where a person looks before they press: the fields of the card, as a form of the page.
    answered open(const json::object& body) {
        const posted_message* message = teams_.find_message(text_of(body, "activity"));
        if (message == nullptr) {
            return refusal{refusal_code::not_found, "Teams has no such message"};
        }
        json::array fields;
        for (const json::object* part : parts_of(card_of(*message))) {
            const std::string type = text_of(*part, "type");
            if (type.starts_with("Input.")) {
                const std::string id = text_of(*part, "id");
                fields.push_back(json::object{
                    {"name", id.substr(id.rfind('_') + 1)},
                    {"label", type == "Input.Toggle" ? text_of(*part, "title") : text_of(*part, "label")},
                    {"kind", type == "Input.Toggle" ? "check" : "text"},
                    {"required", flag_of(*part, "isRequired", false)}});
            }
        }
        const std::string id = random_uuid();
        json::object sent = body;
        sent["dialog"] = id;
        dialogs_.push_back(json::object{
            {"id", id},
            {"for", text_of(body, "user")},
            {"title", text_of(body, "action") == "approve" ? "Approve" : "Deny"},
            {"text", ""},
            {"path", "/msteams/click"},
            {"body", std::move(sent)},
            {"fields", std::move(fields)}});
        return done();
    }

    void close_dialog(const std::string& id) {
        std::erase_if(dialogs_, [&](const json::object& one) { return text_of(one, "id") == id; });
    }

    answered change_person(const json::object& body) {
        person* who = teams_.find_person(text_of(body, "user"));
        if (who == nullptr) {
            return refusal{refusal_code::not_found, "Teams has no such user"};
        }
        who->blocks_app = flag_of(body, "blocks_app", who->blocks_app);
        who->enabled = flag_of(body, "enabled", who->enabled);
        who->guest = flag_of(body, "guest", who->guest);
        if (body.contains("mail")) {
            who->mail = text_of(body, "mail");
        }
        return done();
    }

    answered run(const control_command& asked) {
        const std::string what = asked.path.empty() ? "" : asked.path[0];
        if (asked.method == "GET" && what.empty()) {
            return json::value(everything_in(teams_));
        }
        if (asked.method != "POST" || asked.path.size() != 1) {
            return refusal{refusal_code::not_found, "no such command"};
        }
        if (what == "callback") {
            return clicks_.set_target(asked.body);
        }
        if (what == "open") {
            return open(asked.body);
        }
        if (what == "close") {
            close_dialog(text_of(asked.body, "dialog"));
            return done();
        }
        if (what == "people") {
            return change_person(asked.body);
        }
        if (what == "permissions") {
            teams_.permissions.erase(text_of(asked.body, "without"));
            teams_.tokens.clear();
            return done();
        }
        if (what == "tokens") { // none of those that were given counts any more
            teams_.tokens.clear();
            return done();
        }
        if (what == "keys") {
            keys_.roll();
            return done();
        }
        if (what == "chats") {
            teams_.chats_are_known = flag_of(asked.body, "known", true);
            return done();
        }
        return refusal{refusal_code::not_found, "no such command"};
    }

    state teams_;
    signer keys_;
    clicks clicks_;
    change_signal& changes_;
    std::string url_;
    std::vector<json::object> dialogs_;
};

std::unique_ptr<third_party> make_msteams(third_party_environment around) {
    return std::make_unique<party>(around);
}

} // namespace

constinit const third_party_kind msteams_third_party{"msteams", make_msteams};

} // namespace hallpass::sandbox
