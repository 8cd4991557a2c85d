#include "services/slack/account.hpp"

#include "services/json_members.hpp"

#include <chrono>
#include <string_view>
#include <utility>

namespace hallpass::services::slack {

namespace json = boost::json;
using boost::asio::awaitable;

namespace {

constexpr std::chrono::milliseconds longest_look_up = std::chrono::seconds(4);

bool says(const json::object& user, std::string_view name, bool wanted) {
    const json::value* found = user.if_contains(name);
    return found != nullptr && found->is_bool() && found->get_bool() == wanted;
}

// A member that Slack leaves out where it is false.
bool may_be_false(const json::object& user, std::string_view name) {
    return !user.contains(name) || says(user, name, false);
}

} // namespace

std::optional<access::account_facts>
read_facts(const json::object& user, const actor& who, const std::string& own_team) {
    if (own_team.empty() || text_of(user, "id") != who.user) {
        return std::nullopt;
    }
    access::account_facts facts;
    facts.email = text_of(object_of(user, "profile"), "email");
    facts.email_verified = says(user, "is_email_confirmed", true);
    facts.active = says(user, "deleted", false) && may_be_false(user, "is_invited_user");
    facts.guest = !(says(user, "is_restricted", false) && says(user, "is_ultra_restricted", false));
    facts.bot = !says(user, "is_bot", false);
    const bool clicked_elsewhere = !who.user_team.empty() && who.user_team != own_team;
    facts.foreign = clicked_elsewhere || who.team != own_team || text_of(user, "team_id") != own_team ||
                    !may_be_false(user, "is_stranger");
    return facts;
}

awaitable<access::account> find_account(api& slack, ports::log& out, actor who, std::string own_team) {
    access::account found;
    found.service = "slack";
    found.id = who.user;
    query parameters;
    parameters.emplace_back("user", who.user);
    const auto reply = co_await slack.get("users.info", std::move(parameters), longest_look_up);
    if (reply.has_error()) {
        out.warning("account_not_looked_up", {{"account", who.user}, {"reason", reply.error().text()}});
        co_return found;
    }
    found.facts = read_facts(object_of(*reply, "user"), who, own_team);
    co_return found;
}

} // namespace hallpass::services::slack
