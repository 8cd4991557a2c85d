#include "base/text.hpp"
#include "sandbox/cluster_json.hpp"
#include "sandbox/control_commands.hpp"

#include <map>
#include <utility>

namespace hallpass::sandbox {

namespace {

namespace json = boost::json;

using answer = outcome<json::value>;

json::value ok() {
    return json::object{{"ok", true}};
}

answer done(const result<void>& ended) {
    return ended ? answer(ok()) : answer(refusal{refusal_code::internal, ended.error().text()});
}

enum class side { auth, slack, discord };

// Methods of Slack have a dot, those of Discord a space, and those of gRPC neither, so a side need not be
// named with a method.
side side_named_by(const json::object& body) {
    const std::string name = text_of(body, "side");
    const std::string method = text_of(body, "method");
    if (name == "discord" || (name.empty() && method.find(' ') != std::string::npos)) {
        return side::discord;
    }
    const bool slack = name == "slack" || (name.empty() && method.find('.') != std::string::npos);
    return slack ? side::slack : side::auth;
}

fault_plan& side_of(const control_parts& parts, const json::object& body) {
    if (const hosted_party* party = parts.parties.find(text_of(body, "side"))) {
        return *party->faults;
    }
    switch (side_named_by(body)) {
    case side::discord:
        return parts.discord_faults;
    case side::slack:
        return parts.slack_faults;
    case side::auth:
        break;
    }
    return parts.auth_faults;
}

std::string method_of(const json::object& body) {
    const std::string method = text_of(body, "method");
    return method.empty() ? "*" : method;
}

answer add_rule(const control_parts& parts, const json::object& body, fault_effect effect) {
    fault_rule rule;
    rule.method = method_of(body);
    rule.effect = effect;
    rule.code = text_of(body, "code");
    rule.status = static_cast<int>(number_of(body, "status", 0));
    rule.percent = number_of(body, "percent", 100);
    // Without a percentage a rule is for one call, unless it says how many.
    if (body.contains("n") || !body.contains("percent")) {
        rule.next = static_cast<unsigned>(std::max(0.0, number_of(body, "n", 1)));
    }
    const bool for_auth =
        side_named_by(body) == side::auth && parts.parties.find(text_of(body, "side")) == nullptr;
    if (for_auth && !rule.code.empty() && !parse_refusal_code(rule.code)) {
        return refusal{
            refusal_code::invalid_argument,
            "\"" + one_line(rule.code) + "\" is no gRPC code; try UNAVAILABLE"};
    }
    side_of(parts, body).add(std::move(rule));
    return ok();
}

answer set_delay(const control_parts& parts, const json::object& body) {
    const auto delay = static_cast<std::int64_t>(number_of(body, "ms", 0));
    // An answer can be held back after the work, too: whoever is killed meanwhile never learns that it was
    // done.
    if (flag_of(body, "answer", false)) {
        side_of(parts, body).set_answer_delay(method_of(body), std::chrono::milliseconds(delay));
    } else {
        side_of(parts, body).set_delay(method_of(body), std::chrono::milliseconds(delay));
    }
    return ok();
}

answer set_rate_limit(const control_parts& parts, const json::object& body) {
    rate_limit limit;
    limit.method = method_of(body);
    limit.per_second = number_of(body, "per_second", 0);
    limit.per_channel = flag_of(body, "per_channel", false);
    side_of(parts, body).set_rate_limit(std::move(limit));
    return ok();
}

answer switch_side(const control_parts& parts, const json::object& body) {
    const bool up = !flag_of(body, "down", true);
    if (const hosted_party* party = parts.parties.find(text_of(body, "side"))) {
        if (up) {
            return done(party->server->come_up());
        }
        party->server->go_down();
        return ok();
    }
    switch (side_named_by(body)) {
    case side::discord:
        return done(parts.switch_discord(up));
    case side::slack:
        return done(parts.switch_slack(up));
    case side::auth:
        break;
    }
    return done(parts.switch_auth(up));
}

answer change_settings(const control_parts& parts, const json::object& body) {
    parts.cluster.change_settings([&](cluster_settings& settings) {
        if (const std::string version = text_of(body, "server_version"); !version.empty()) {
            settings.server_version = version;
        }
        if (const std::string proxy = text_of(body, "proxy_public_addr"); !proxy.empty()) {
            settings.proxy_public_addr = proxy;
        }
        settings.advanced_access_workflows =
            flag_of(body, "advanced_access_workflows", settings.advanced_access_workflows);
        settings.submit_for_users = flag_of(body, "submit_for_users", settings.submit_for_users);
        settings.watch_without_init = flag_of(body, "watch_without_init", settings.watch_without_init);
        settings.watch_capacity = static_cast<std::size_t>(
            std::max(1.0, number_of(body, "watch_capacity", static_cast<double>(settings.watch_capacity)))
        );
    });
    return json::value(to_json(parts.cluster.settings()));
}

answer change_faults(const control_parts& parts, const control_command& command) {
    if (command.path.size() == 2 && command.path[1] == "clear") {
        parts.auth_faults.clear();
        parts.slack_faults.clear();
        parts.discord_faults.clear();
        for (const auto& one : parts.parties.all()) {
            one->faults->clear();
        }
        return ok();
    }
    if (command.path.size() == 2 && command.path[1] == "seed") {
        const auto seed = static_cast<std::uint64_t>(number_of(command.body, "seed", 1));
        parts.auth_faults.reseed(seed);
        parts.slack_faults.reseed(seed);
        parts.discord_faults.reseed(seed);
        for (const auto& one : parts.parties.all()) {
            one->faults->reseed(seed);
        }
        return ok();
    }
    return refusal{refusal_code::not_found, "faults can be cleared or seeded"};
}

} // namespace

outcome<json::value> run_fault_command(const control_parts& parts, const control_command& command) {
    const std::string& name = command.path.front();
    if (name == "fail") {
        return add_rule(parts, command.body, fault_effect::refuse);
    }
    if (name == "lose") {
        return add_rule(parts, command.body, fault_effect::lose_answer);
    }
    if (name == "garbage") {
        return add_rule(parts, command.body, fault_effect::garbage);
    }
    if (name == "delay") {
        return set_delay(parts, command.body);
    }
    if (name == "rate-limit") {
        return set_rate_limit(parts, command.body);
    }
    if (name == "down") {
        return switch_side(parts, command.body);
    }
    if (name == "settings") {
        return change_settings(parts, command.body);
    }
    if (name == "drop") {
        parts.cluster.drop_watchers({refusal_code::unavailable, "watch closed at the control port"});
        return ok();
    }
    if (name == "rotate") {
        return done(parts.rotate());
    }
    if (name == "faults") {
        return change_faults(parts, command);
    }
    return refusal{refusal_code::not_found, "no such command: /" + one_line(name)};
}

} // namespace hallpass::sandbox
