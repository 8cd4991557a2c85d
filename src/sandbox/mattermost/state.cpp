#include "sandbox/mattermost/state.hpp"

#include "base/text.hpp"
#include "sandbox/characters.hpp"
#include "sandbox/cluster_json.hpp"
#include "sandbox/mattermost/blocks_check.hpp"
#include "sandbox/mattermost/dialog_check.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>

namespace hallpass::sandbox::mattermost {

namespace json = boost::json;

namespace {

constexpr std::size_t most_props = 800'000;
constexpr std::chrono::milliseconds pending_kept{30'000};

refusal forbidden() {
    return {403, "api.context.permissions.app_error", "You do not have the appropriate permissions."};
}

refusal invalid(const std::string& id, const std::string& message) {
    return {400, id, message};
}

refusal no_such(const std::string& what) {
    return {404, "store.sql_" + what + ".get.app_error", "Unable to find the " + what + "."};
}

json::object props_in(const json::object& body) {
    const json::value* found = body.if_contains("props");
    return found != nullptr && found->is_object() ? found->get_object() : json::object();
}

template <class Map>
auto* look_up(Map& in, const std::string& id) {
    const auto found = in.find(id);
    return found == in.end() ? nullptr : &found->second;
}

std::vector<user> everybody() {
    const std::string team = id_for(team_name);
    const auto person = [&](const std::string& name, const std::string& email) {
        user made;
        made.id = id_for(name);
        made.name = name;
        made.email = email;
        made.teams = {team};
        return made;
    };
    std::vector<user> all{
        person("alice", "alice@example.com"),   person("bob", "bob@example.com"),
        person("carol", "carol@example.com"),   person("dave", "dave@example.com"),
        person("gina", "gina@example.com"),     person("robot", "robot@localhost"),
        person("erin", "erin@partner.example"), person("hallpassbot", "hallpassbot@localhost")};
    all[4].roles = "system_guest";
    all[5].is_bot = true;
    all[6].teams = {id_for("partner-team")};
    all[7].is_bot = true;
    return all;
}

} // namespace

state::state() {
    reset();
}

void state::reset() {
    users_.clear();
    channels_.clear();
    posts_.clear();
    dialogs_.clear();
    settings = server_settings();
    std::set<std::string> members;
    for (user& one : everybody()) {
        if (one.teams.contains(id_for(team_name))) {
            members.insert(one.id);
        }
        const std::string id = one.id;
        users_.emplace(id, std::move(one));
    }
    for (const char* name : {"access-requests", "dba-requests", "prod-requests"}) {
        channels_.emplace(id_for(name), channel{id_for(name), name, id_for(team_name), members});
    }
    channels_.emplace(
        id_for("secret-plans"), channel{id_for("secret-plans"), "secret-plans", id_for(team_name), {}}
    );
}

std::int64_t state::now_ms() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const std::int64_t ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
    last_ms_ = std::max(last_ms_ + 1, ms); // no two posts at once, so that their order is one
    return last_ms_;
}

const user* state::find_user(const std::string& id) const {
    return look_up(users_, id);
}

const user* state::find_user_by_email(const std::string& email) const {
    const auto found =
        std::ranges::find_if(users_, [&](const auto& one) { return one.second.email == email; });
    return found == users_.end() ? nullptr : &found->second;
}

const user* state::find_user_by_name(const std::string& name) const {
    const auto found = std::ranges::find_if(users_, [&](const auto& one) { return one.second.name == name; });
    return found == users_.end() ? nullptr : &found->second;
}

const channel* state::find_channel(const std::string& id) const {
    return look_up(channels_, id);
}

const channel* state::find_channel(const std::string& team, const std::string& name) const {
    const auto found = std::ranges::find_if(channels_, [&](const auto& one) {
        return team == team_name && one.second.team == id_for(team) && one.second.name == name;
    });
    return found == channels_.end() ? nullptr : &found->second;
}

const post* state::find_post(const std::string& id) const {
    const auto found = std::ranges::find(posts_, id, &post::id);
    return found == posts_.end() || found->delete_at != 0 ? nullptr : &*found;
}

post* state::own_post(const std::string& id) {
    const auto found = std::ranges::find(posts_, id, &post::id);
    const bool ours = found != posts_.end() && found->delete_at == 0 && found->user == bot();
    return ours ? &*found : nullptr;
}

dialog* state::find_dialog(const std::string& id) {
    const auto found = std::ranges::find(dialogs_, id, &dialog::id);
    return found == dialogs_.end() ? nullptr : &*found;
}

std::string state::opened_by(const std::string& trigger) const {
    const auto found = std::ranges::find(dialogs_, trigger, &dialog::trigger);
    return found == dialogs_.end() ? std::string() : found->id;
}

outcome<channel> state::open_direct(const std::string& one, const std::string& other) {
    if (find_user(one) == nullptr || find_user(other) == nullptr) {
        return no_such("user");
    }
    if (one != bot() && other != bot()) {
        return forbidden();
    }
    const std::string name = std::min(one, other) + "__" + std::max(one, other);
    const auto found = std::ranges::find_if(channels_, [&](const auto& c) { return c.second.name == name; });
    if (found != channels_.end()) {
        return found->second;
    }
    channel made{random_id(), name, "", {one, other}};
    channels_.emplace(made.id, made);
    return made;
}

std::optional<refusal> state::refuse_content(const std::string& message, const json::object& props) const {
    if (characters_in(message) > settings.max_post_size) {
        return invalid("model.post.is_valid.message_length.app_error", "Post Message property is too long.");
    }
    if (characters_in(json::serialize(props)) > most_props) {
        return invalid("model.post.is_valid.props.app_error", "Invalid props.");
    }
    if (auto problem = problem_of_attachments(props); !problem.empty()) {
        return invalid("api.post.attachments.app_error", problem);
    }
    if (auto problem = problem_of_blocks(props); !problem.empty()) {
        return invalid("model.post.is_valid.mm_blocks_actions.app_error", problem);
    }
    return std::nullopt;
}

outcome<post> state::create(const json::object& body) {
    const channel* where = find_channel(text_of(body, "channel_id"));
    if (where == nullptr || !where->members.contains(bot())) {
        return forbidden();
    }
    const std::string message = text_of(body, "message");
    const std::string root = text_of(body, "root_id");
    const std::string pending = text_of(body, "pending_post_id");
    json::object props = props_in(body);
    const std::int64_t now = now_ms();
    for (const post& old : posts_) {
        if (!pending.empty() && old.pending_id == pending && old.create_at + pending_kept.count() > now) {
            return old;
        }
    }
    const post* first = find_post(root);
    if (!root.empty() && (first == nullptr || first->channel != where->id || !first->root.empty())) {
        return invalid("api.post.create_post.root_id.app_error", "Invalid RootId parameter.");
    }
    if (message.empty() && !props.contains("attachments")) {
        return invalid("api.context.invalid_body_param.app_error", "Invalid or missing message.");
    }
    if (auto refused = refuse_content(message, props)) {
        return *std::move(refused);
    }
    post made;
    made.id = random_id();
    made.user = bot();
    made.channel = where->id;
    made.root = root;
    made.pending_id = pending;
    made.versions.push_back({message, std::move(props)});
    made.create_at = now;
    made.update_at = now;
    posts_.push_back(made);
    return made;
}

outcome<post> state::patch(const std::string& id, const json::object& body) {
    post* found = own_post(id);
    if (found == nullptr) {
        return forbidden();
    }
    version next = found->versions.back();
    if (body.contains("message")) {
        next.message = text_of(body, "message");
    }
    if (body.contains("props")) {
        next.props = props_in(body);
    }
    if (auto refused = refuse_content(next.message, next.props)) {
        return *std::move(refused);
    }
    found->versions.push_back(std::move(next));
    found->update_at = now_ms();
    return *found;
}

outcome<post>
state::tell(const std::string& whom, const std::string& channel_id, const std::string& message) {
    if (!settings.may_post_ephemeral) {
        return forbidden();
    }
    if (find_user(whom) == nullptr || find_channel(channel_id) == nullptr) {
        return no_such("channel");
    }
    add_ephemeral(whom, channel_id, message);
    return posts_.back();
}

void state::add_ephemeral(
    const std::string& whom, const std::string& channel_id, const std::string& message
) {
    post made;
    made.id = random_id();
    made.user = bot();
    made.channel = channel_id;
    made.only_for = whom;
    made.versions.push_back({message, {}});
    made.create_at = now_ms();
    made.update_at = made.create_at;
    posts_.push_back(std::move(made));
}

outcome<void> state::open_dialog(const json::object& body) {
    const auto by = issued.verify(text_of(body, "trigger_id"), settings.integration_timeout);
    if (!by) {
        return invalid(
            "interactive_message.decode_trigger_id.verify_signature_failed",
            "Trigger ID is invalid or expired."
        );
    }
    const json::value* given = body.if_contains("dialog");
    if (given == nullptr || !given->is_object() || text_of(body, "url").empty()) {
        return invalid("api.context.invalid_body_param.app_error", "Invalid or missing dialog.");
    }
    if (auto problem = problem_of_dialog(given->get_object()); !problem.empty()) {
        return invalid("app.dialog.validate.app_error", problem);
    }
    dialog made;
    made.id = random_id();
    made.user = by->user;
    made.trigger = text_of(body, "trigger_id");
    made.url = text_of(body, "url");
    made.shown = given->get_object();
    dialogs_.push_back(std::move(made));
    return {};
}

void state::remove(const std::string& id) {
    const auto found = std::ranges::find(posts_, id, &post::id);
    if (found != posts_.end()) {
        found->delete_at = now_ms();
    }
}

void state::put_user(user changed) {
    const std::string id = changed.id;
    users_.insert_or_assign(id, std::move(changed));
}

} // namespace hallpass::sandbox::mattermost
