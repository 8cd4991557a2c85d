#include "services/mattermost/account.hpp"

#include "base/text.hpp"
#include "services/json_members.hpp"
#include "services/mattermost/ids.hpp"

#include <algorithm>
#include <chrono>
#include <vector>

namespace hallpass::services::mattermost {

namespace json = boost::json;
using boost::asio::awaitable;

namespace {

constexpr std::chrono::milliseconds longest_look_up = std::chrono::seconds(2);

bool is_zero(const json::object& from, std::string_view name) {
    const json::value* found = from.if_contains(name);
    return found != nullptr && found->is_int64() && found->get_int64() == 0;
}

bool says_true(const json::object& from, std::string_view name) {
    const json::value* found = from.if_contains(name);
    return found != nullptr && found->is_bool() && found->get_bool();
}

// Members that Mattermost leaves out where they are false.
bool may_be_false(const json::object& from, std::string_view name) {
    const json::value* found = from.if_contains(name);
    return found == nullptr || (found->is_bool() && !found->get_bool());
}

bool is_guest(std::string_view roles) {
    const std::vector<std::string> words = split(roles, ' ');
    const auto has = [&](std::string_view role) {
        return std::find(words.begin(), words.end(), role) != words.end();
    };
    return has("system_guest") || !(has("system_user") || has("system_admin"));
}

awaitable<result<json::object>> get(api& mattermost, std::string path) {
    call asked(ports::http_method::get, std::move(path));
    asked.deadline = longest_look_up;
    result<json::object> reply = co_await mattermost.ask(std::move(asked));
    co_return reply;
}

// Of the channel's team; a direct channel has none, and its members are who is in it.
awaitable<bool> is_member(api& mattermost, std::string user, std::string channel) {
    const result<json::object> where = co_await get(mattermost, "channels/" + channel);
    if (where.has_error()) {
        co_return false;
    }
    const std::string team(text_of(*where, "team_id"));
    if (!team.empty() && !is_id(team)) {
        co_return false;
    }
    const std::string of = team.empty() ? "channels/" + channel : "teams/" + team;
    const result<json::object> member = co_await get(mattermost, of + "/members/" + user);
    // Who has left a team stays listed, with the time of it.
    co_return member.has_value() && text_of(*member, "user_id") == user &&
        (team.empty() || is_zero(*member, "delete_at"));
}

} // namespace

std::optional<access::account_facts>
read_facts(const json::object& user, const std::string& id, bool is_member) {
    if (text_of(user, "id") != id) {
        return std::nullopt;
    }
    access::account_facts facts;
    facts.email = text_of(user, "email");
    // An account of the company's directory has its e-mail from there.
    facts.email_verified = says_true(user, "email_verified") || !text_of(user, "auth_service").empty();
    facts.active = is_zero(user, "delete_at");
    facts.guest = is_guest(text_of(user, "roles"));
    facts.bot = !may_be_false(user, "is_bot");
    // Of another server, by a shared channel; or not of the team.
    facts.foreign = !is_member || !text_of(user, "remote_id").empty();
    return facts;
}

awaitable<access::account>
find_account(api& mattermost, ports::log& out, std::string user, std::string channel) {
    access::account found;
    found.service = "mattermost";
    found.id = user;
    const result<json::object> reply = co_await get(mattermost, "users/" + user);
    if (reply.has_error()) {
        out.warning("account_not_looked_up", {{"account", user}, {"reason", reply.error().text()}});
        co_return found;
    }
    const bool member = co_await is_member(mattermost, user, std::move(channel));
    found.facts = read_facts(*reply, user, member);
    co_return found;
}

} // namespace hallpass::services::mattermost
