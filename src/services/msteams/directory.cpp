#include "services/msteams/directory.hpp"

#include "base/text.hpp"
#include "services/json_members.hpp"
#include "services/msteams/ids.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace hallpass::services::msteams {

namespace json = boost::json;
using boost::asio::awaitable;

namespace {

constexpr std::size_t most_chats = 4096;
constexpr std::chrono::minutes known_for{60};
constexpr std::chrono::milliseconds longest_turn{30'000};
constexpr std::string_view of_user = "$select=id,mail,userPrincipalName,accountEnabled,userType";

call graph_get(std::string path, std::string query = {}) {
    call made(audience::graph, ports::http_method::get, std::move(path));
    made.query = std::move(query);
    return made;
}

std::vector<json::object> values_of(const json::object& reply) {
    std::vector<json::object> all;
    const json::value* found = reply.if_contains("value");
    for (const json::value& one : found && found->is_array() ? found->get_array() : json::array()) {
        if (one.is_object()) {
            all.push_back(one.get_object());
        }
    }
    return all;
}

fault without(std::string_view what) {
    return fault(fault_kind::transient, "Teams Graph: the answer names no " + std::string(what));
}

} // namespace

directory::directory(api& teams, ports::clock& time) : teams_(teams), time_(time), asking_for_app_(time) {}

awaitable<result<catalogue_app>> directory::app() {
    if (app_) {
        co_return *app_;
    }
    const auto turn = co_await asking_for_app_.enter(longest_turn);
    if (!turn) {
        co_return fault(fault_kind::transient, "Teams Graph GET appCatalogs/teamsApps: gave up waiting");
    }
    if (app_) {
        co_return *app_;
    }
    const std::string& wanted = teams_.config().teams_app_id;
    call asked = graph_get("appCatalogs/teamsApps", "$filter=externalId%20eq%20" + in_filter(wanted));
    const result<json::object> reply = co_await teams_.ask(std::move(asked));
    if (reply.has_error()) {
        co_return reply.error();
    }
    const std::vector<json::object> found = values_of(*reply);
    if (found.size() != 1 || text_of(found.front(), "id").empty()) {
        co_return fault(
            fault_kind::permanent,
            "Teams: the organisation's catalogue has " + std::to_string(found.size()) +
                " apps with msapi.teams_app_id " + wanted +
                "; upload the app in the Teams admin center, and take the id from its manifest"
        );
    }
    catalogue_app made{
        std::string(text_of(found.front(), "id")), one_line(text_of(found.front(), "displayName"), 80)};
    app_ = made;
    co_return made;
}

awaitable<result<std::optional<std::string>>> directory::user(std::string wanted) {
    const std::string quoted = in_filter(wanted);
    const std::string filter = is_guid(wanted)
                                   ? "id%20eq%20" + quoted
                                   : "mail%20eq%20" + quoted + "%20or%20userPrincipalName%20eq%20" + quoted;
    call asked = graph_get("users", "$filter=" + filter + "&" + std::string(of_user) + "&$top=3");
    const result<json::object> reply = co_await teams_.ask(std::move(asked));
    if (reply.has_error()) {
        co_return reply.error();
    }
    const std::vector<json::object> found = values_of(*reply);
    if (found.empty()) {
        co_return std::optional<std::string>();
    }
    if (found.size() > 1) {
        co_return fault(
            fault_kind::permanent,
            "several users of the tenant have that address; name the one by the object id"
        );
    }
    const std::string id(text_of(found.front(), "id"));
    if (!is_guid(id)) {
        co_return without("user");
    }
    co_return std::optional<std::string>(lower_case(id));
}

awaitable<result<json::object>> directory::user_facts(std::string id, std::chrono::milliseconds deadline) {
    call asked = graph_get("users/" + in_url(id), std::string(of_user));
    asked.deadline = deadline;
    result<json::object> reply = co_await teams_.ask(std::move(asked));
    co_return reply;
}

awaitable<result<std::optional<std::string>>> directory::installation(std::string of) {
    const result<catalogue_app> mine = co_await app();
    if (mine.has_error()) {
        co_return mine.error();
    }
    call asked = graph_get(
        of + "/installedApps", "$expand=teamsApp&$filter=teamsApp/id%20eq%20" + in_filter(mine->id)
    );
    const result<json::object> reply = co_await teams_.ask(std::move(asked));
    if (reply.has_error()) {
        co_return reply.error();
    }
    const std::vector<json::object> found = values_of(*reply);
    if (found.empty()) {
        co_return std::optional<std::string>();
    }
    const std::string id(text_of(found.front(), "id"));
    if (id.empty()) {
        co_return without("installation");
    }
    co_return std::optional<std::string>(id);
}

awaitable<result<std::string>> directory::installed(std::string user_id) {
    const std::string of = "users/" + in_url(user_id) + "/teamwork";
    const auto before = co_await installation(of);
    if (before.has_error()) {
        co_return before.error();
    }
    if (before->has_value()) {
        co_return **before;
    }
    const result<catalogue_app> mine = co_await app();
    if (mine.has_error()) {
        co_return mine.error();
    }
    call installing(audience::graph, ports::http_method::post, of + "/installedApps");
    // The cloud's own address, wherever graph_url goes: it names the app, and isn't called.
    installing.body.emplace();
    installing.body->emplace(
        "teamsApp@odata.bind",
        std::string(teams_.config().where.graph) + "/v1.0/appCatalogs/teamsApps/" + mine->id
    );
    const result<json::object> done = co_await teams_.ask(std::move(installing));
    if (done.has_error() && done.error().kind() != fault_kind::conflict) {
        co_return done.error();
    }
    const auto after = co_await installation(of);
    if (after.has_error()) {
        co_return after.error();
    }
    if (!after->has_value()) {
        co_return fault(
            fault_kind::transient, "Teams Graph: the app was installed for the user and isn't listed; does "
                                   "webApplicationInfo in its "
                                   "manifest name msapi.app_id?"
        );
    }
    co_return **after;
}

awaitable<result<std::string>> directory::make_conversation(std::string user_id) {
    const msteams_config& config = teams_.config();
    call making(audience::bot, ports::http_method::post, "conversations");
    making.body.emplace();
    json::object& body = *making.body;
    body["isGroup"] = false;
    body["bot"] = json::object{{"id", "28:" + config.app_id}};
    body["members"] = json::array{json::object{{"id", user_id}}};
    body["tenantId"] = config.tenant_id;
    body["channelData"] = json::object{{"tenant", json::object{{"id", config.tenant_id}}}};
    const result<json::object> reply = co_await teams_.ask(std::move(making));
    if (reply.has_error()) {
        co_return reply.error();
    }
    const std::string id(text_of(*reply, "id"));
    if (id.empty()) {
        co_return without("conversation");
    }
    co_return id;
}

awaitable<result<std::string>> directory::open_chat(std::string user_id) {
    const result<std::string> installation = co_await installed(user_id);
    if (installation.has_error()) {
        co_return installation.error();
    }
    call asked =
        graph_get("users/" + in_url(user_id) + "/teamwork/installedApps/" + in_url(*installation) + "/chat");
    const result<json::object> reply = co_await teams_.ask(std::move(asked));
    std::string id = reply.has_value() ? std::string(text_of(*reply, "id")) : std::string();
    if (!id.empty()) {
        co_return id;
    }
    if (reply.has_error() && reply.error().kind() != fault_kind::not_found) {
        co_return reply.error();
    }
    // Where Graph knows none yet, the connector makes it, or gives the one that is there.
    result<std::string> made = co_await make_conversation(std::move(user_id));
    co_return made;
}

awaitable<result<std::string>> directory::chat_with(std::string user_id) {
    const auto known = [this](const std::string& id) {
        const auto found = chats_.find(id);
        return found != chats_.end() && time_.now() < found->second.until ? found->second.conversation
                                                                          : std::string();
    };
    if (std::string there = known(user_id); !there.empty()) {
        co_return there;
    }
    std::shared_ptr<one_at_a_time>& shared = opening_[user_id];
    if (!shared) {
        shared = std::make_shared<one_at_a_time>(time_);
    }
    const std::shared_ptr<one_at_a_time> gate = shared;

    // The last one out takes the gate away.
    struct entry {
        std::map<std::string, std::shared_ptr<one_at_a_time>>& all;
        std::string user;

        ~entry() {
            const auto mine = all.find(user);
            if (mine != all.end() && mine->second.use_count() <= 2) {
                all.erase(mine);
            }
        }
    } const at{opening_, user_id};

    const auto turn = co_await gate->enter(longest_turn);
    if (!turn) {
        co_return fault(fault_kind::transient, "Teams: gave up waiting for the conversation with the user");
    }
    if (std::string there = known(user_id); !there.empty()) {
        co_return there;
    }
    result<std::string> opened = co_await open_chat(user_id);
    if (opened.has_value()) {
        remember(user_id, *opened);
    }
    co_return opened;
}

void directory::remember(const std::string& user_id, const std::string& conversation) {
    if (chats_.size() >= most_chats) {
        const instant now = time_.now();
        std::erase_if(chats_, [now](const auto& one) { return one.second.until <= now; });
    }
    if (chats_.size() < most_chats) {
        chats_.insert_or_assign(user_id, known_chat{conversation, time_.now() + known_for});
    }
}

awaitable<result<void>> directory::check_team(std::string group) {
    std::string of = "teams/" + in_url(group);
    const auto there = co_await installation(std::move(of));
    if (there.has_error()) {
        co_return there.error();
    }
    if (!there->has_value()) {
        co_return fault(
            fault_kind::permanent,
            "Teams: the team has not the app; add it to the team (it can't be added from here)"
        );
    }
    co_return result<void>();
}

awaitable<result<bool>> directory::uninstall(std::string user_id) {
    const std::string of = "users/" + in_url(user_id) + "/teamwork";
    const auto there = co_await installation(of);
    if (there.has_error()) {
        co_return there.error();
    }
    if (!there->has_value()) {
        co_return false;
    }
    call taking(audience::graph, ports::http_method::delete_, of + "/installedApps/" + in_url(**there));
    const result<json::object> done = co_await teams_.ask(std::move(taking));
    if (done.has_error() && done.error().kind() != fault_kind::not_found) {
        co_return done.error();
    }
    chats_.erase(user_id);
    co_return true;
}

} // namespace hallpass::services::msteams
