#include "services/servicenow/on_call.hpp"

#include "base/text.hpp"
#include "services/display_text.hpp"
#include "services/json_members.hpp"
#include "services/servicenow/query.hpp"

#include <set>
#include <utility>

namespace hallpass::services::servicenow {

namespace json = boost::json;
using boost::asio::awaitable;
using ports::http_method;

namespace {

constexpr std::size_t most_rotas = 20;
constexpr std::size_t most_people = 50; // of one rota

// Without date_time it is asked for now; a time there would be taken for another zone's.
awaitable<result<std::set<std::string>>> people_of(api& now, std::string rota) {
    call asked(http_method::get, "on_call_rota/whoisoncall?rota_ids=" + rota, "on_call_rota/whoisoncall");
    const result<json::array> rows = co_await now.list(std::move(asked));
    if (rows.has_error()) {
        co_return rows.error();
    }
    std::set<std::string> ids;
    for (const json::value& member : *rows) {
        const json::object* row = member.if_object();
        if (row && is_sys_id(text_of(*row, "userId")) && ids.size() < most_people) {
            ids.emplace(text_of(*row, "userId"));
        }
    }
    co_return ids;
}

awaitable<result<bool>>
is_user(api& now, const access::people* people, std::string id, std::string teleport_user) {
    call asked(
        http_method::get, "table/sys_user/" + id + "?sysparm_fields=sys_id,user_name,email,active",
        "table/sys_user"
    );
    const result<json::object> user = co_await now.ask(std::move(asked));
    if (user.has_error()) {
        if (user.error().kind() == fault_kind::not_found) {
            co_return false;
        }
        co_return user.error();
    }
    const std::vector<std::string> names{
        std::string(text_of(*user, "user_name")), std::string(text_of(*user, "email"))};
    const bool same = text_of(*user, "sys_id") == id && text_of(*user, "active") == "true" &&
                      is_account_of(people, id, names, teleport_user);
    co_return same;
}

} // namespace

awaitable<result<std::optional<std::string>>> find_on_call(
    api& now,
    ports::clock& time,
    ports::log& out,
    const on_call_places& config,
    const access::people* people,
    access::access_request request
) {
    const std::vector<std::string> places =
        places_to_ask("servicenow", request, schedules_annotation, config, time.now(), out);
    if (places.empty()) {
        co_return std::optional<std::string>();
    }
    std::size_t asked = 0;
    for (const std::string& rota : places) {
        if (!is_sys_id(rota) || ++asked > most_rotas) {
            out.warning(
                "rota_not_asked", {{"rota", one_line(rota, 80)}, {"mend", "name rotas by their sys_id"}}
            );
            continue;
        }
        const result<std::set<std::string>> called = co_await people_of(now, rota);
        if (called.has_error()) {
            if (called.error().kind() != fault_kind::not_found) {
                co_return called.error();
            }
            out.warning("rota_not_found", {{"rota", rota}, {"reason", called.error().text()}});
            continue;
        }
        for (const std::string& id : *called) {
            const result<bool> same = co_await is_user(now, people, id, request.user);
            if (same.has_error()) {
                co_return same.error();
            }
            if (*same) {
                co_return display_line(request.user, 100) + " is on call in ServiceNow's rota " + rota;
            }
        }
    }
    out.info("not_on_call", {{"service", "servicenow"}, {"request_id", request.id}, {"user", request.user}});
    co_return std::optional<std::string>();
}

} // namespace hallpass::services::servicenow
