#include "sandbox/mattermost/mattermost_party.hpp"

#include "sandbox/authorities_file.hpp"
#include "sandbox/cluster_json.hpp"
#include "sandbox/mattermost/clicks.hpp"
#include "sandbox/mattermost/page_view.hpp"
#include "sandbox/mattermost/routes.hpp"

#include <boost/json/serialize.hpp>

#include <utility>

namespace hallpass::sandbox::mattermost {

namespace json = boost::json;

namespace {

using answer = sandbox::outcome<json::value>;

sandbox::refusal not_found(const std::string& what) {
    return {refusal_code::not_found, "Mattermost has no such " + what};
}

json::value done() {
    return json::value(json::object{{"ok", true}});
}

answer change_user(state& at, const json::object& body) {
    const user* known = at.find_user(text_of(body, "id"));
    if (known == nullptr) {
        return not_found("user");
    }
    user changed = *known;
    changed.delete_at =
        static_cast<std::int64_t>(number_of(body, "delete_at", static_cast<double>(changed.delete_at)));
    changed.roles = body.contains("roles") ? text_of(body, "roles") : changed.roles;
    changed.email = body.contains("email") ? text_of(body, "email") : changed.email;
    changed.auth_service =
        body.contains("auth_service") ? text_of(body, "auth_service") : changed.auth_service;
    changed.is_bot = flag_of(body, "is_bot", changed.is_bot);
    changed.email_verified = flag_of(body, "email_verified", changed.email_verified);
    if (body.contains("teams")) {
        const std::vector<std::string> teams = texts_of(body, "teams");
        changed.teams = {teams.begin(), teams.end()};
    }
    at.put_user(std::move(changed));
    return done();
}

answer change_settings(state& at, const json::object& body) {
    server_settings& now = at.settings;
    now.may_post_ephemeral = flag_of(body, "may_post_ephemeral", now.may_post_ephemeral);
    now.blocks = flag_of(body, "blocks", now.blocks);
    now.max_post_size =
        static_cast<std::size_t>(number_of(body, "max_post_size", static_cast<double>(now.max_post_size)));
    now.integration_timeout = std::chrono::milliseconds(static_cast<long>(
        number_of(body, "integration_timeout_ms", static_cast<double>(now.integration_timeout.count()))
    ));
    return done();
}

class party final : public third_party {
public:
    explicit party(third_party_environment environment)
        : poster_(environment.executor, environment.out), clicks_(state_, poster_) {}

    void listening_at(const std::string& url) override { url_ = url; }

    boost::asio::awaitable<net::server_response> answer(net::server_request request) override {
        co_return answer_call(state_, request);
    }

    std::string method_of(const net::server_request& request) const override { return name_of_call(request); }

    net::server_response refuse(const fault_rule& rule) const override {
        const int status = rule.status != 0 ? rule.status : 500;
        const refusal refused{status, rule.code.empty() ? "api.sandbox.told" : rule.code, "told to refuse"};
        return net::server_response(status, json::serialize(to_json(refused)), "application/json");
    }

    net::server_response limit_rate(std::chrono::seconds wait) const override {
        net::server_response response(429, "limit exceeded\n", "text/plain; charset=utf-8");
        response.headers.emplace_back("Retry-After", std::to_string(wait.count()));
        response.headers.emplace_back("X-RateLimit-Limit", "100");
        response.headers.emplace_back("X-RateLimit-Remaining", "0");
        response.headers.emplace_back("X-RateLimit-Reset", std::to_string(wait.count()));
        return response;
    }

    json::object ready() const override { return {{"url", url_}, {"token", bot_token}, {"team", team_name}}; }

    boost::asio::awaitable<sandbox::outcome<json::value>> command(control_command asked) override {
        const std::string what = asked.path.empty() ? std::string() : asked.path[0];
        if (asked.method == "POST" && what == "click") {
            sandbox::outcome<json::value> clicked = co_await clicks_.click(std::move(asked.body));
            co_return clicked;
        }
        if (asked.method == "POST" && what == "submit") {
            sandbox::outcome<json::value> submitted = co_await clicks_.submit(std::move(asked.body));
            co_return submitted;
        }
        co_return run(what, asked);
    }

    json::object view() const override { return page_view(state_); }

    void reset() override { state_.reset(); }

    boost::asio::awaitable<void> close() override { return poster_.close(); }

private:
    sandbox::outcome<json::value> run(const std::string& what, const control_command& asked) {
        if (asked.method == "GET" && what == "posts" && asked.path.size() == 2) {
            return json::value(posts_of(state_, asked.path[1]));
        }
        if (asked.method != "POST") {
            return not_found("command");
        }
        if (what == "users") {
            return change_user(state_, asked.body);
        }
        if (what == "settings") {
            return change_settings(state_, asked.body);
        }
        if (what == "delete") {
            state_.remove(text_of(asked.body, "post"));
            return done();
        }
        if (what == "close") {
            return close_dialog(text_of(asked.body, "dialog"));
        }
        return what == "trust" ? trust(asked.body) : not_found("command");
    }

    sandbox::outcome<json::value> close_dialog(const std::string& id) {
        dialog* found = state_.find_dialog(id);
        if (found == nullptr) {
            return not_found("dialog");
        }
        found->open = false;
        return done();
    }

    sandbox::outcome<json::value> trust(const json::object& body) {
        const auto authorities = read_authorities(body);
        if (!authorities) {
            return authorities.error();
        }
        poster_.trust(*authorities);
        return done();
    }

    std::string url_;
    state state_;
    callback_poster poster_;
    clicks clicks_;
};

std::unique_ptr<third_party> make_party(third_party_environment environment) {
    return std::make_unique<party>(environment);
}

} // namespace

constinit const third_party_kind mattermost_kind{"mattermost", make_party};

} // namespace hallpass::sandbox::mattermost
