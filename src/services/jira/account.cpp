#include "services/jira/decisions.hpp"
#include "services/json_members.hpp"

#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include <string_view>
#include <utility>

namespace hallpass::services::jira {

namespace json = boost::json;
using boost::asio::awaitable;

namespace {

access::account_facts read_facts(const json::object& user, bool cloud) {
    access::account_facts facts;
    const json::value* active = user.if_contains("active");
    const std::string_view type = text_of(user, "accountType");
    facts.active = active && active->is_bool() && active->get_bool();
    facts.email = text_of(user, "emailAddress");
    // An Atlassian account's address is confirmed before it counts. Data Center takes what is typed.
    facts.email_verified = cloud && !facts.email.empty();
    facts.bot = cloud && type != "atlassian" && type != "customer";
    facts.guest = cloud && type != "atlassian";
    facts.foreign = false;
    return facts;
}

} // namespace

awaitable<access::account> find_account(api& jira, ports::log& out, std::string id) {
    access::account found;
    found.service = "jira";
    found.id = id;
    const result<bool> cloud = co_await jira.is_cloud();
    if (cloud.has_error()) {
        co_return found;
    }
    const std::string encoded = boost::urls::encode(id, boost::urls::unreserved_chars);
    call asked(ports::http_method::get, (*cloud ? "user?accountId=" : "user?key=") + encoded, "user");
    const result<json::object> user = co_await jira.ask(std::move(asked));
    if (user.has_error()) {
        out.warning("account_not_looked_up", {{"account", id}, {"reason", user.error().text()}});
        co_return found;
    }
    if (account_id_of(*user) == id) {
        found.facts = read_facts(*user, *cloud);
    }
    co_return found;
}

} // namespace hallpass::services::jira
