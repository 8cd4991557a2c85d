#include "sandbox/mattermost/routes.hpp"

#include "base/text.hpp"
#include "sandbox/cluster_json.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <charconv>

namespace hallpass::sandbox::mattermost {

namespace json = boost::json;

namespace {

using answer = outcome<json::value>;
using words = std::vector<std::string>;

words path_of(const net::server_request& request) {
    constexpr std::string_view prefix = "/api/v4/";
    return request.path.starts_with(prefix) ? split(request.path.substr(prefix.size()), '/') : words();
}

template <class T>
T number_in(const std::string& query, std::string_view key, T otherwise) {
    for (const std::string& part : split(query, '&')) {
        if (part.starts_with(key) && part.size() > key.size() && part[key.size()] == '=') {
            std::from_chars(part.data() + key.size() + 1, part.data() + part.size(), otherwise);
        }
    }
    return otherwise;
}

refusal no_such(const std::string& what) {
    return {404, "store.sql_" + what + ".get.app_error", "Unable to find the " + what + "."};
}

json::object to_json(const user& shown) {
    json::object made{
        {"id", shown.id},
        {"username", shown.name},
        {"email", shown.email},
        {"roles", shown.roles},
        {"auth_service", shown.auth_service},
        {"delete_at", shown.delete_at}};
    // Left out where they are false, as the real one does.
    if (shown.is_bot) {
        made["is_bot"] = true;
    }
    if (shown.email_verified) {
        made["email_verified"] = true;
    }
    return made;
}

json::object to_json(const channel& shown) {
    return {
        {"id", shown.id},
        {"name", shown.name},
        {"team_id", shown.team},
        {"type", shown.team.empty() ? "D" : "O"}};
}

template <class T>
answer shown(const T* found, const char* what) {
    return found == nullptr ? answer(no_such(what)) : answer(json::value(to_json(*found)));
}

answer posts_json(std::vector<const post*> newest_first) {
    json::array order;
    json::object all;
    for (const post* one : newest_first) {
        order.push_back(json::value(one->id));
        all[one->id] = to_json(*one);
    }
    return json::value(json::object{{"order", std::move(order)}, {"posts", std::move(all)}});
}

answer posts_of(const state& at, const std::string& channel_id, const std::string& query) {
    const channel* where = at.find_channel(channel_id);
    if (where == nullptr || !where->members.contains(at.bot())) {
        return refusal{
            403, "api.context.permissions.app_error", "You do not have the appropriate permissions."};
    }
    const std::size_t size = std::min(number_in<std::size_t>(query, "per_page", 60), std::size_t{200});
    const std::size_t begin = number_in<std::size_t>(query, "page", 0) * size;
    const auto since = number_in<std::int64_t>(query, "since", 0);
    std::vector<const post*> page;
    std::size_t number = 0;
    for (auto it = at.posts().rbegin(); it != at.posts().rend() && page.size() < size; ++it) {
        if (it->channel == channel_id && it->delete_at == 0 && it->only_for.empty() &&
            it->update_at > since && number++ >= begin) {
            page.push_back(&*it);
        }
    }
    return posts_json(std::move(page));
}

// Of the whole thread, whichever of its posts is named.
answer thread_of(const state& at, const std::string& id) {
    const post* named = at.find_post(id);
    const std::string root = named == nullptr || named->root.empty() ? id : named->root;
    std::vector<const post*> thread;
    for (const post& one : at.posts()) {
        if (one.delete_at == 0 && (one.id == root || one.root == root)) {
            thread.push_back(&one);
        }
    }
    return thread.empty() ? answer(no_such("post")) : posts_json(std::move(thread));
}

answer member_of(bool is_member, const std::string& user_id) {
    if (!is_member) {
        return no_such("member");
    }
    return json::value(json::object{{"user_id", user_id}, {"delete_at", 0}});
}

answer get_users(const state& at, const words& path) {
    if (path.size() == 2) {
        return shown(at.find_user(path[1] == "me" ? at.bot() : path[1]), "user");
    }
    if (path.size() == 3 && path[1] == "username") {
        return shown(at.find_user_by_name(path[2]), "user");
    }
    return path.size() == 3 && path[1] == "email" ? shown(at.find_user_by_email(path[2]), "user")
                                                  : answer(no_such("user"));
}

answer get_channels(const state& at, const words& path, const std::string& query) {
    const channel* where = path.size() > 1 ? at.find_channel(path[1]) : nullptr;
    if (where == nullptr || path.size() == 2) {
        return shown(where, "channel");
    }
    if (path.size() == 4 && path[2] == "members") {
        return member_of(where->members.contains(path[3]), path[3]);
    }
    return path[2] == "posts" ? posts_of(at, path[1], query) : answer(no_such("channel"));
}

answer named_channel(const state& at, const std::string& team, const std::string& name) {
    const channel* found = at.find_channel(team, name);
    const bool seen = found != nullptr && found->members.contains(at.bot());
    return shown(seen ? found : nullptr, "channel");
}

answer get_teams(const state& at, const words& path) {
    if (path.size() == 6 && path[1] == "name" && path[3] == "channels" && path[4] == "name") {
        return named_channel(at, path[2], path[5]);
    }
    if (path.size() == 5 && path[1] == id_for(team_name) && path[2] == "channels" && path[3] == "name") {
        return named_channel(at, team_name, path[4]);
    }
    if (path == words{"teams", "name", team_name}) {
        return json::value(json::object{
            {"id", id_for(team_name)}, {"name", team_name}, {"type", "O"}, {"delete_at", 0}});
    }
    if (path.size() == 4 && path[2] == "members") {
        const user* who = at.find_user(path[3]);
        return member_of(who != nullptr && who->teams.contains(path[1]), path[3]);
    }
    return no_such("team");
}

answer get(const state& at, const words& path, const std::string& query) {
    const std::string what = path.empty() ? std::string() : path[0];
    if (what == "users") {
        return get_users(at, path);
    }
    if (what == "channels") {
        return get_channels(at, path, query);
    }
    if (what == "teams") {
        return get_teams(at, path);
    }
    if (what == "posts" && path.size() == 2) {
        return shown(at.find_post(path[1]), "post");
    }
    if (what == "posts" && path.size() == 3 && path[2] == "thread") {
        return thread_of(at, path[1]);
    }
    if (path == words{"config", "client"}) {
        return json::value(json::object{
            {"MaxPostSize", std::to_string(at.settings.max_post_size)},
            {"FeatureFlagMmBlocksEnabled", at.settings.blocks ? "true" : "false"}});
    }
    return no_such("page");
}

answer as_json(outcome<post> made) {
    return made ? answer(json::value(to_json(*made))) : answer(made.error());
}

answer post_to(state& at, const words& path, const json::value& body) {
    if (path == words{"channels", "direct"}) {
        const json::array* pair = body.if_array();
        if (pair == nullptr || pair->size() != 2 || !(*pair)[0].is_string() || !(*pair)[1].is_string()) {
            return refusal{400, "api.context.invalid_body_param.app_error", "Invalid or missing user_ids."};
        }
        const auto opened =
            at.open_direct(std::string((*pair)[0].as_string()), std::string((*pair)[1].as_string()));
        return opened ? answer(json::value(to_json(*opened))) : answer(opened.error());
    }
    const json::object* given = body.if_object();
    if (given == nullptr) {
        return refusal{400, "api.context.invalid_body_param.app_error", "Invalid or missing body."};
    }
    if (path == words{"posts"}) {
        return as_json(at.create(*given));
    }
    if (path == words{"posts", "ephemeral"}) {
        const json::value* inner = given->if_contains("post");
        const json::object post =
            inner != nullptr && inner->is_object() ? inner->get_object() : json::object();
        return as_json(
            at.tell(text_of(*given, "user_id"), text_of(post, "channel_id"), text_of(post, "message"))
        );
    }
    if (path == words{"actions", "dialogs", "open"}) {
        const auto opened = at.open_dialog(*given);
        return opened ? answer(json::value(json::object{{"status", "OK"}})) : answer(opened.error());
    }
    return no_such("page");
}

answer change(state& at, const std::string& method, const words& path, const json::value& body) {
    if (method == "POST") {
        return post_to(at, path, body);
    }
    const bool patches = path.size() == 3 && path[2] == "patch";
    if (method == "PUT" && path.size() >= 2 && path[0] == "posts" && (patches || path.size() == 2) &&
        body.is_object()) {
        return as_json(at.patch(path[1], body.get_object()));
    }
    return no_such("page");
}

answer run(state& at, const net::server_request& request) {
    const words path = path_of(request);
    // Opening a dialog needs no session: the trigger id is the credential.
    const bool open = path == words{"actions", "dialogs", "open"};
    const std::string authorization(request.header("authorization"));
    if (!open && authorization != std::string("Bearer ") + bot_token) {
        return refusal{
            401, "api.context.session_expired.app_error", "Invalid or expired session, please login again."};
    }
    if (request.method == "GET") {
        return get(at, path, request.query);
    }
    boost::system::error_code error;
    const json::value body = json::parse(request.body, error);
    if (error) {
        return refusal{400, "api.context.invalid_body_param.app_error", "Invalid or missing body."};
    }
    return change(at, request.method, path, body);
}

json::array& list_or(json::value* list, json::array& none) {
    return list != nullptr && list->is_array() ? list->get_array() : none;
}

} // namespace

json::object to_json(const refusal& refused) {
    return {
        {"id", refused.id},
        {"message", refused.message},
        {"detailed_error", ""},
        {"request_id", "sandbox"},
        {"status_code", refused.status}};
}

json::object to_json(const post& shown) {
    json::object props = shown.versions.back().props;
    if (props.contains("mm_blocks_actions")) {
        props["mm_blocks_actions"] = "encrypted";
    }
    json::value* attachments = props.if_contains("attachments");
    json::array none;
    for (json::value& one : list_or(attachments, none)) {
        json::value* actions = one.is_object() ? one.get_object().if_contains("actions") : nullptr;
        for (json::value& action : list_or(actions, none)) {
            action.as_object().erase("integration");
        }
    }
    return {
        {"id", shown.id},
        {"user_id", shown.user},
        {"channel_id", shown.channel},
        {"root_id", shown.root},
        {"message", shown.versions.back().message},
        {"props", std::move(props)},
        {"create_at", shown.create_at},
        {"update_at", shown.update_at},
        {"edit_at", shown.versions.size() > 1 ? shown.update_at : 0},
        {"delete_at", shown.delete_at},
        {"pending_post_id", shown.pending_id}};
}

std::string name_of_call(const net::server_request& request) {
    std::string name;
    std::string before;
    for (const std::string& word : path_of(request)) {
        const bool is_name = is_id(word) || word.find('@') != std::string::npos || before == "name";
        if (!is_name) {
            name.append(name.empty() ? "" : "/").append(word);
        }
        before = word;
    }
    return request.method + ' ' + name;
}

net::server_response answer_call(state& at, const net::server_request& request) {
    const answer made = run(at, request);
    if (!made) {
        return net::server_response(
            made.error().status, json::serialize(to_json(made.error())), "application/json"
        );
    }
    const bool creates = request.method == "POST" && request.path.find("/actions/") == std::string::npos;
    return net::server_response(creates ? 201 : 200, json::serialize(*made), "application/json");
}

} // namespace hallpass::sandbox::mattermost
