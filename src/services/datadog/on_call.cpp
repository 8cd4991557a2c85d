#include "services/datadog/on_call.hpp"

#include "base/text.hpp"
#include "services/display_text.hpp"
#include "services/json_members.hpp"

#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include <utility>

namespace hallpass::services::datadog {

namespace json = boost::json;
using boost::asio::awaitable;
using ports::http_method;

namespace {

constexpr std::size_t most_teams = 20;

// "" where there is no team of exactly that handle or name.
awaitable<result<std::string>> find_team(api& datadog, std::string wanted) {
    const std::string keyword = boost::urls::encode(wanted, boost::urls::unreserved_chars);
    call asked(http_method::get, "team?filter%5Bkeyword%5D=" + keyword + "&page%5Bsize%5D=100", "team");
    const result<json::object> reply = co_await datadog.ask(std::move(asked));
    if (reply.has_error()) {
        co_return reply.error();
    }
    for (const json::value& member : array_of(*reply, "data")) {
        const json::object* team = member.if_object();
        const json::object& attributes = team ? object_of(*team, "attributes") : *reply;
        if (team && (text_of(attributes, "handle") == wanted || text_of(attributes, "name") == wanted)) {
            co_return std::string(text_of(*team, "id"));
        }
    }
    co_return std::string();
}

awaitable<result<bool>>
is_on_call(api& datadog, const access::people* people, std::string team, std::string user) {
    const std::string id = boost::urls::encode(team, boost::urls::unreserved_chars);
    call asked(http_method::get, "on-call/teams/" + id + "/on-call?include=responders", "on-call/teams");
    const result<json::object> reply = co_await datadog.ask(std::move(asked));
    if (reply.has_error()) {
        if (reply.error().kind() == fault_kind::not_found) {
            co_return false;
        }
        co_return reply.error();
    }
    const json::object& related = object_of(object_of(*reply, "data"), "relationships");
    for (const json::value& member : array_of(object_of(related, "responders"), "data")) {
        const json::object* responder = member.if_object();
        for (const json::value& included : array_of(*reply, "included")) {
            const json::object* person = included.if_object();
            const bool same = responder && person && text_of(*person, "type") == "users" &&
                              text_of(*person, "id") == text_of(*responder, "id");
            if (!same) {
                continue;
            }
            const std::string email(text_of(object_of(*person, "attributes"), "email"));
            if (is_account_of(people, std::string(text_of(*person, "id")), {email}, user)) {
                co_return true;
            }
        }
    }
    co_return false;
}

} // namespace

awaitable<result<std::optional<std::string>>> find_on_call(
    api& datadog,
    ports::clock& time,
    ports::log& out,
    const on_call_places& config,
    const access::people* people,
    access::access_request request
) {
    const std::vector<std::string> places =
        places_to_ask("datadog", request, schedules_annotation, config, time.now(), out);
    if (places.empty()) {
        co_return std::optional<std::string>();
    }
    std::size_t asked = 0;
    for (const std::string& wanted : places) {
        if (wanted.empty() || ++asked > most_teams) {
            continue;
        }
        const result<std::string> team = co_await find_team(datadog, wanted);
        if (team.has_error()) {
            co_return team.error();
        }
        if (team->empty()) {
            out.warning("team_not_found", {{"team", one_line(wanted, 80)}});
            continue;
        }
        const result<bool> there = co_await is_on_call(datadog, people, *team, request.user);
        if (there.has_error()) {
            co_return there.error();
        }
        if (*there) {
            co_return display_line(request.user, 100) + " is on call in Datadog's team " +
                display_line(wanted, 100);
        }
    }
    out.info("not_on_call", {{"service", "datadog"}, {"request_id", request.id}, {"user", request.user}});
    co_return std::optional<std::string>();
}

} // namespace hallpass::services::datadog
