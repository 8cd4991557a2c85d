#include "sandbox/control_commands.hpp"

#include "base/text.hpp"
#include "sandbox/cluster_json.hpp"
#include "sandbox/discord_view.hpp"
#include "sandbox/slack_commands.hpp"
#include "sandbox/slack_people.hpp"
#include "sandbox/state_view.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace hallpass::sandbox {

namespace {

namespace json = boost::json;

using answer = outcome<json::value>;

constexpr double max_requests_at_once = 100'000;

json::value ok() {
    return json::object{{"ok", true}};
}

answer done(const outcome<void>& ended) {
    return ended ? answer(ok()) : answer(ended.error());
}

answer create_requests(const control_parts& parts, const json::object& body) {
    const double wanted = std::clamp(number_of(body, "n", 1), 1.0, max_requests_at_once);
    json::array ids;
    for (double made = 0; made < wanted; ++made) {
        const auto created = parts.cluster.create(read_new_request(body));
        if (!created) {
            return created.error();
        }
        ids.emplace_back(created->request.id);
    }
    return json::value(json::object{{"ids", std::move(ids)}});
}

answer list_requests(const control_parts& parts) {
    json::array all;
    for (const recorded_request& recorded : parts.cluster.requests({})) {
        all.push_back(to_json(recorded));
    }
    return json::value(std::move(all));
}

answer review_request(const control_parts& parts, const std::string& id, const json::object& body) {
    new_review given;
    given.author = text_of(body, "author");
    given.proposed = access::parse_request_state(text_of(body, "state"));
    given.reason = text_of(body, "reason");
    given.submitted_by = given.author;
    given.promoted_access_list = text_of(body, "access_list");
    const auto reviewed = parts.cluster.review(id, std::move(given));
    return reviewed ? answer(json::value(to_json(*reviewed))) : answer(reviewed.error());
}

answer set_request_state(const control_parts& parts, const std::string& id, const json::object& body) {
    new_state wanted;
    wanted.state = access::parse_request_state(text_of(body, "state"));
    wanted.reason = text_of(body, "reason");
    wanted.delegator = text_of(body, "delegator");
    return done(parts.cluster.set_state(id, wanted));
}

// The same for each of "ids", in order, up to the first that is refused.
answer run_on_each(const control_parts& parts, const std::string& what, const json::object& body) {
    for (const std::string& id : texts_of(body, "ids")) {
        answer ended = ok();
        if (what == "review") {
            ended = review_request(parts, id, body);
        } else if (what == "state") {
            ended = set_request_state(parts, id, body);
        } else if (what == "delete") {
            ended = done(parts.cluster.remove(id));
        } else {
            return refusal{refusal_code::not_found, "no such command on requests"};
        }
        if (!ended) {
            return ended;
        }
    }
    return ok();
}

answer run_on_requests(const control_parts& parts, const control_command& command) {
    const auto& path = command.path;
    if (path.size() == 1 && command.method == "POST") {
        return create_requests(parts, command.body);
    }
    if (path.size() == 1 && command.method == "GET") {
        return list_requests(parts);
    }
    if (path.size() == 2 && command.method == "POST") {
        return run_on_each(parts, path[1], command.body);
    }
    if (path.size() == 2 && command.method == "DELETE") {
        return done(parts.cluster.remove(path[1]));
    }
    if (path.size() == 3 && command.method == "POST" && path[2] == "review") {
        return review_request(parts, path[1], command.body);
    }
    if (path.size() == 3 && command.method == "POST" && path[2] == "state") {
        return set_request_state(parts, path[1], command.body);
    }
    return refusal{refusal_code::not_found, "no such command on requests"};
}

answer read(const control_parts& parts, const std::string& what) {
    if (what == "plugin-data") {
        const auto records = parts.cluster.plugin_data({});
        return records ? answer(json::value(to_json(*records))) : answer(records.error());
    }
    if (what == "calls") {
        json::object calls = to_json(parts.auth_faults.calls());
        for (const fault_plan* faults : {&parts.slack_faults, &parts.discord_faults}) {
            for (auto& [method, count] : to_json(faults->calls())) {
                calls[method] = count;
            }
        }
        for (const auto& one : parts.parties.all()) {
            for (auto& [method, count] : to_json(one->faults->calls())) {
                calls[std::string(one->name) + ' ' + std::string(method)] = count;
            }
        }
        return json::value(std::move(calls));
    }
    if (what == "slack") {
        return json::value(view_slack(parts.slack, std::numeric_limits<std::size_t>::max()));
    }
    if (what == "discord") {
        return json::value(view_discord(parts.discord));
    }
    if (what == "settings") {
        return json::value(to_json(parts.cluster.settings()));
    }
    if (what == "faults") {
        json::object faults{
            {"auth", to_json(parts.auth_faults.summary())},
            {"slack", to_json(parts.slack_faults.summary())},
            {"discord", to_json(parts.discord_faults.summary())}};
        for (const auto& one : parts.parties.all()) {
            faults[one->name] = to_json(one->faults->summary());
        }
        return json::value(std::move(faults));
    }
    return refusal{refusal_code::not_found, "nothing to read at /" + one_line(what)};
}

answer read_views(const control_parts& parts, const std::vector<std::string>& path) {
    if (path.size() == 2) {
        return json::value(view_dialogs(parts.slack));
    }
    const auto view = parts.slack.dialogs().view(path[2]);
    return view ? answer(json::value(to_json(*view)))
                : answer(refusal{refusal_code::not_found, "Slack has no such view"});
}

answer put_cluster_user(const control_parts& parts, const json::object& body) {
    cluster_user user;
    user.name = text_of(body, "name");
    user.roles = texts_of(body, "roles");
    user.may_review = flag_of(body, "may_review", false);
    if (const json::value* traits = body.if_contains("traits"); traits != nullptr && traits->is_object()) {
        for (const auto& [key, values] : traits->get_object()) {
            user.traits[std::string(key)] = texts_of(traits->get_object(), key);
        }
    }
    if (user.name.empty()) {
        return refusal{refusal_code::invalid_argument, "a user needs a name"};
    }
    parts.cluster.put_user(std::move(user));
    return ok();
}

// As another program than hallpass writes it: nothing is expected of what is there. "" deletes.
answer put_plugin_data(const control_parts& parts, const json::object& body) {
    plugin_data_change change;
    change.kind = "access_request";
    change.resource = text_of(body, "request");
    change.plugin = text_of(body, "plugin");
    if (const json::value* set = body.if_contains("set"); set != nullptr && set->is_object()) {
        for (const auto& member : set->get_object()) {
            change.set[std::string(member.key())] = text_of(set->get_object(), member.key());
        }
    }
    if (change.resource.empty() || change.plugin.empty() || change.set.empty()) {
        return refusal{refusal_code::invalid_argument, "a request, a plugin and what to set are needed"};
    }
    return done(parts.cluster.update_plugin_data(change));
}

answer put_in_slack(const control_parts& parts, const std::string& what, const json::object& body) {
    const std::string id = text_of(body, "id");
    const std::string name = text_of(body, "name");
    if (id.empty() || name.empty()) {
        return refusal{refusal_code::invalid_argument, "an id and a name are needed"};
    }
    if (what == "users") {
        parts.slack.put_user(read_slack_user(body));
        return ok();
    }
    if (what == "channels") {
        slack_channel channel;
        channel.id = id;
        channel.name = name;
        channel.is_private = flag_of(body, "is_private", false);
        channel.is_archived = flag_of(body, "is_archived", false);
        parts.slack.put_channel(std::move(channel));
        return ok();
    }
    return refusal{refusal_code::not_found, "Slack has users and channels to put, nothing else"};
}

answer put_in_discord(const control_parts& parts, const std::string& what, const json::object& body) {
    const std::string id = text_of(body, "id");
    const std::string name = text_of(body, "name");
    if (id.empty() || name.empty()) {
        return refusal{refusal_code::invalid_argument, "an id and a name are needed"};
    }
    if (what == "users") {
        parts.discord.put_user({id, name, flag_of(body, "takes_messages", true), flag_of(body, "bot", false)}
        );
        return ok();
    }
    if (what == "channels") {
        discord_channel channel;
        channel.id = id;
        channel.name = name;
        channel.may_view = flag_of(body, "may_view", true);
        channel.may_send = flag_of(body, "may_send", true);
        channel.may_embed = flag_of(body, "may_embed", true);
        channel.may_read_history = flag_of(body, "may_read_history", true);
        parts.discord.put_channel(std::move(channel));
        return ok();
    }
    return refusal{refusal_code::not_found, "Discord has users and channels to put, nothing else"};
}

answer reset(const control_parts& parts) {
    for (fault_plan* faults : {&parts.auth_faults, &parts.slack_faults, &parts.discord_faults}) {
        faults->clear();
        faults->forget_calls();
    }
    parts.cluster.reset();
    parts.slack.reset();
    parts.discord.reset();
    parts.discord_clicks.gateway().reset();
    for (const auto& one : parts.parties.all()) {
        one->faults->clear();
        one->faults->forget_calls();
        one->party->reset();
    }
    return ok();
}

} // namespace

outcome<json::value> run_control_command(const control_parts& parts, const control_command& command) {
    if (command.path.empty()) {
        return refusal{refusal_code::not_found, "no such command"};
    }
    const std::string& first = command.path.front();
    if (first == "requests") {
        return run_on_requests(parts, command);
    }
    if (command.method == "GET" && first == "slack" && command.path.size() == 2 &&
        command.path[1] == "messages") {
        return json::value(view_messages(parts.slack));
    }
    if (command.method == "GET" && first == "slack" && command.path.size() > 1 &&
        command.path[1] == "views") {
        return read_views(parts, command.path);
    }
    if (command.method == "GET") {
        return read(parts, first);
    }
    if (command.method != "POST") {
        return refusal{refusal_code::not_found, "no such command"};
    }
    if (first == "users") {
        return put_cluster_user(parts, command.body);
    }
    if (first == "plugin-data") {
        return put_plugin_data(parts, command.body);
    }
    if (first == "slack" && command.path.size() == 2 && command.path[1] == "forget") {
        parts.slack.forget_messages();
        return ok();
    }
    if (first == "slack" && command.path.size() == 2) {
        return put_in_slack(parts, command.path[1], command.body);
    }
    if (first == "discord" && command.path.size() == 2) {
        return put_in_discord(parts, command.path[1], command.body);
    }
    if (first == "reset") {
        return reset(parts);
    }
    auto ended = run_fault_command(parts, command);
    parts.changes.changed();
    return ended;
}

} // namespace hallpass::sandbox
