#include "services/msteams/account.hpp"

#include "base/text.hpp"
#include "services/json_members.hpp"

#include <chrono>
#include <utility>

namespace hallpass::services::msteams {

namespace json = boost::json;
using boost::asio::awaitable;

namespace {

constexpr std::chrono::milliseconds longest_look_up = std::chrono::seconds(4);

} // namespace

std::optional<access::account_facts> read_facts(const json::object& user, const std::string& object_id) {
    if (lower_case(text_of(user, "id")) != object_id) {
        return std::nullopt;
    }
    const json::value* enabled = user.if_contains("accountEnabled");
    access::account_facts facts;
    facts.email = text_of(user, "userPrincipalName");
    facts.email_verified = !facts.email.empty();
    facts.active = enabled != nullptr && enabled->is_bool() && enabled->get_bool();
    facts.guest = text_of(user, "userType") != "Member";
    facts.bot = false; // bots are no users
    facts.foreign = false;
    return facts;
}

awaitable<access::account>
find_account(directory& tenant, ports::log& out, person_acting who, std::string own_tenant) {
    access::account found;
    found.service = "msteams";
    found.id = who.object_id;
    if (who.tenant != own_tenant) {
        found.facts.emplace(); // its defaults are a stranger's
        co_return found;
    }
    const result<json::object> user = co_await tenant.user_facts(who.object_id, longest_look_up);
    if (user.has_error()) {
        out.warning("account_not_looked_up", {{"account", found.id}, {"reason", user.error().text()}});
        co_return found;
    }
    found.facts = read_facts(*user, found.id);
    co_return found;
}

} // namespace hallpass::services::msteams
