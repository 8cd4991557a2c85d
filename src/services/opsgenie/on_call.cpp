#include "services/opsgenie/on_call.hpp"

#include "access/routing.hpp"
#include "base/text.hpp"
#include "services/display_text.hpp"
#include "services/json_members.hpp"
#include "services/opsgenie/responders.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace hallpass::services::opsgenie {

namespace json = boost::json;
using boost::asio::awaitable;
using ports::http_method;
using texts = std::vector<std::string>;

namespace {

constexpr std::string_view annotation = "teleport.dev/schedules";
constexpr std::size_t most_schedules = 50;
constexpr std::size_t most_asked_for = 50;
constexpr std::size_t most_named = 5;

texts schedules_of(const access::access_request& request, const texts& ruled) {
    std::set<std::string> once;
    const auto found = request.system_annotations.find(std::string(annotation));
    for (const texts& list : {found == request.system_annotations.end() ? texts() : found->second, ruled}) {
        for (const std::string& one : list) {
            if (!trimmed(one).empty() && once.size() < most_schedules) {
                once.emplace(trimmed(one));
            }
        }
    }
    return {once.begin(), once.end()};
}

std::string in_words(platform on, const std::string& user, texts places) {
    const std::size_t left = places.size() > most_named ? places.size() - most_named : 0;
    places.resize(places.size() - left);
    std::string words = display_line(user, 200) + " is on call in " + std::string(title_of(on)) +
                        " by schedule " + joined(places, ", ");
    return left == 0 ? words : words + " and " + std::to_string(left) + " more";
}

std::set<std::string> read_called(platform on, const json::object& reply) {
    const bool jsm = on == platform::jsm;
    const json::object& data = jsm ? reply : object_of(reply, "data");
    const json::value* list = data.if_contains(jsm ? "onCallParticipants" : "onCallRecipients");
    std::set<std::string> called;
    if (list == nullptr || !list->is_array()) {
        return called;
    }
    for (const json::value& one : list->get_array()) {
        if (one.is_string()) {
            called.insert(lower_case(one.get_string()));
        } else if (const json::object* who = one.if_object();
                   who != nullptr && text_of(*who, "type") == "user") {
            called.emplace(text_of(*who, "id"));
        }
    }
    return called;
}

bool has_list(platform on, const json::object& reply) {
    const bool jsm = on == platform::jsm;
    const json::object& data = jsm ? reply : object_of(reply, "data");
    const json::value* list = data.if_contains(jsm ? "onCallParticipants" : "onCallRecipients");
    return list != nullptr && list->is_array();
}

} // namespace

on_call_finder::on_call_finder(
    api& at, ports::clock& time, ports::log& out, on_call_config config, const access::people* people
)
    : api_(at), time_(time), out_(out), config_(std::move(config)), people_(people) {}

awaitable<result<std::optional<std::string>>> on_call_finder::find(access::access_request request) {
    const texts schedules = schedules_of(request, config_.schedules);
    if (!config_.enabled || schedules.empty()) {
        co_return std::optional<std::string>();
    }
    const std::string service(name_of(api_.on()));
    if (const auto why = access::why_not(config_.rules, request, time_.now())) {
        out_.debug("on_call_not_asked", {{"service", service}, {"request_id", request.id}, {"reason", *why}});
        co_return std::optional<std::string>();
    }
    texts places;
    for (const std::string& schedule : schedules) {
        const auto called = co_await called_by(schedule);
        if (called.has_error()) {
            co_return called.error();
        }
        if (!called->has_value()) {
            out_.warning("on_call_schedule_not_found", {{"service", service}, {"name", schedule}});
            continue;
        }
        const result<bool> there = co_await is_among(**called, request);
        if (there.has_error()) {
            co_return there.error();
        }
        if (*there) {
            places.push_back(display_line(schedule, 80));
        }
    }
    if (places.empty()) {
        out_.info("not_on_call", {{"service", service}, {"request_id", request.id}, {"user", request.user}});
        co_return std::optional<std::string>();
    }
    co_return std::optional(in_words(api_.on(), request.user, std::move(places)));
}

// The successor knows schedules by their ids alone.
awaitable<result<std::optional<std::string>>> on_call_finder::id_of(std::string schedule) {
    if (is_id(schedule)) {
        co_return std::optional(std::move(schedule));
    }
    call asked(http_method::get, side::reading, "schedules");
    asked.query.add("query", schedule).add("size", "50");
    asked.counted_as = "configuration";
    const result<json::object> reply = co_await api_.ask(std::move(asked));
    if (reply.has_error()) {
        co_return reply.error();
    }
    const json::value* values = reply->if_contains("values");
    if (values == nullptr || !values->is_array()) {
        co_return fault(
            fault_kind::transient, "Jira Service Management GET schedules: the answer has no values"
        );
    }
    for (const json::value& one : values->get_array()) {
        const json::object* found = one.if_object();
        if (found != nullptr && lower_case(text_of(*found, "name")) == lower_case(schedule)) {
            co_return std::optional(std::string(text_of(*found, "id")));
        }
    }
    co_return std::optional<std::string>();
}

awaitable<result<std::optional<std::set<std::string>>>> on_call_finder::called_by(std::string schedule) {
    const bool jsm = api_.on() == platform::jsm;
    std::string id = schedule;
    if (jsm) {
        const auto found = co_await id_of(schedule);
        if (found.has_error()) {
            co_return found.error();
        }
        if (!found->has_value()) {
            co_return std::optional<std::set<std::string>>();
        }
        id = **found;
    }
    call asked(http_method::get, side::reading, "schedules/" + in_path(id) + "/on-calls");
    asked.counted_as = "schedule-oncall";
    if (!jsm) {
        asked.query.add("scheduleIdentifierType", is_id(schedule) ? "id" : "name").add("flat", "true");
    }
    const result<json::object> reply = co_await api_.ask(std::move(asked));
    if (reply.has_error()) {
        if (reply.error().kind() == fault_kind::not_found) {
            co_return std::optional<std::set<std::string>>();
        }
        co_return reply.error();
    }
    if (!has_list(api_.on(), *reply)) {
        co_return fault(
            fault_kind::transient,
            std::string(title_of(api_.on())) + " GET on-calls: the answer doesn't say who is on call"
        );
    }
    co_return std::optional(read_called(api_.on(), *reply));
}

// As Opsgenie calls the user: by e-mail. Where the operator's table has them, by the e-mails of those ids.
awaitable<result<std::set<std::string>>> on_call_finder::names_of(std::string teleport_user) {
    std::set<std::string> names;
    bool listed = false;
    if (people_ != nullptr) {
        for (const auto& [id, user] : *people_) {
            if (user != teleport_user) {
                continue;
            }
            listed = true;
            const std::string account = id;
            call asked(http_method::get, side::reading, "users/" + in_path(account));
            asked.counted_as = "configuration";
            const result<json::object> reply = co_await api_.ask(std::move(asked));
            if (reply.has_error()) {
                co_return reply.error();
            }
            names.insert(lower_case(text_of(object_of(*reply, "data"), "username")));
        }
    }
    if (!listed && access::looks_like_email(teleport_user)) {
        names.insert(lower_case(teleport_user));
    }
    names.erase("");
    co_return names;
}

awaitable<result<std::string>> on_call_finder::email_of_account(std::string account) {
    call asked(http_method::get, side::site, "rest/api/3/user");
    asked.query.add("accountId", account);
    asked.counted_as = "user";
    const result<json::object> reply = co_await api_.ask(std::move(asked));
    if (reply.has_error()) {
        if (reply.error().kind() == fault_kind::not_found) {
            co_return std::string();
        }
        co_return reply.error();
    }
    co_return lower_case(text_of(*reply, "emailAddress"));
}

awaitable<result<bool>>
on_call_finder::is_among(std::set<std::string> called, access::access_request request) {
    if (api_.on() == platform::opsgenie) {
        const result<std::set<std::string>> names = co_await names_of(request.user);
        if (names.has_error()) {
            co_return names.error();
        }
        co_return std::any_of(names->begin(), names->end(), [&](const std::string& name) {
            return called.contains(name);
        });
    }
    std::size_t asked_for = 0;
    for (const std::string& account : called) {
        const auto line = people_ == nullptr ? access::people::const_iterator() : people_->find(account);
        if (people_ != nullptr && line != people_->end()) {
            if (line->second == request.user) {
                co_return true;
            }
            continue; // somebody else, whatever their e-mail
        }
        if (!api_.has_site() || !access::looks_like_email(request.user) || ++asked_for > most_asked_for) {
            continue;
        }
        const result<std::string> email = co_await email_of_account(account);
        if (email.has_error()) {
            co_return email.error();
        }
        if (*email == lower_case(request.user)) {
            co_return true;
        }
    }
    co_return false;
}

} // namespace hallpass::services::opsgenie
