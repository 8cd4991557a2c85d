#include "services/pagerduty/on_call.hpp"

#include "access/routing.hpp"
#include "base/text.hpp"
#include "services/display_text.hpp"
#include "services/json_members.hpp"

#include <algorithm>

namespace hallpass::services::pagerduty {

namespace json = boost::json;
using boost::asio::awaitable;
using ports::http_method;
using texts = std::vector<std::string>;

namespace {

constexpr std::size_t name_bytes = 80;
constexpr std::size_t most_named = 5;
constexpr std::size_t most_annotated = 100;

texts annotated_with(const access::access_request& request, const std::string& annotation) {
    const auto found = request.system_annotations.find(annotation);
    std::set<std::string> once;
    if (found != request.system_annotations.end()) {
        for (const std::string& value : found->second) {
            if (!trimmed(value).empty() && once.size() < most_annotated) {
                once.emplace(trimmed(value));
            }
        }
    }
    return {once.begin(), once.end()};
}

std::string called(std::string_view what, const named_thing& thing) {
    const std::string name = display_line(thing.name, name_bytes);
    return std::string(what) + ' ' + (name.empty() ? thing.id : name);
}

// A shift that isn't now; PagerDuty gives no times for who is always on call.
bool is_over_or_to_come(const json::object& entry, instant now) {
    const std::string_view from = text_of(entry, "start");
    const std::string_view until = text_of(entry, "end");
    const auto start = parse_rfc3339(from);
    const auto end = parse_rfc3339(until);
    const bool unreadable = (!from.empty() && !start) || (!until.empty() && !end);
    return unreadable || (start && *start > now) || (end && *end <= now);
}

std::int64_t level_of(const json::object& entry) {
    const json::value* level = entry.if_contains("escalation_level");
    return level != nullptr && level->is_int64() ? level->get_int64() : 0;
}

std::string in_words(const std::string& user, const std::set<std::string>& places) {
    texts named(places.begin(), places.end());
    const std::size_t left = named.size() > most_named ? named.size() - most_named : 0;
    named.resize(named.size() - left);
    std::string words = display_line(user, 200) + " is on call in PagerDuty for " + joined(named, ", ");
    return left == 0 ? words : words + " and " + std::to_string(left) + " more";
}

} // namespace

on_call_finder::on_call_finder(
    api& pagerduty,
    directory& names,
    ports::clock& time,
    ports::log& out,
    on_call_config config,
    std::string annotation,
    const access::people* people
)
    : api_(pagerduty),
      directory_(names),
      time_(time),
      out_(out),
      config_(std::move(config)),
      annotation_(std::move(annotation)),
      people_(people) {}

awaitable<result<std::optional<std::string>>> on_call_finder::find(access::access_request request) {
    const texts annotated = annotated_with(request, annotation_);
    const bool ruled = !config_.services.empty() || !config_.policies.empty() || !config_.schedules.empty();
    if (!config_.enabled || (annotated.empty() && !ruled)) {
        co_return std::optional<std::string>();
    }
    if (const auto why = access::why_not(config_.rules, request, time_.now())) {
        out_.debug(
            "on_call_not_asked", {{"service", "pagerduty"}, {"request_id", request.id}, {"reason", *why}}
        );
        co_return std::optional<std::string>();
    }
    const result<std::set<std::string>> users = co_await accounts_of(request.user);
    if (users.has_error()) {
        co_return users.error();
    }
    if (users->empty()) {
        out_.info(
            "on_call_user_not_known",
            {{"service", "pagerduty"},
             {"request_id", request.id},
             {"user", request.user},
             {"mend", "PagerDuty has no user of that e-mail, and [pagerduty.users] names none"}}
        );
        co_return std::optional<std::string>();
    }
    const result<on_call_targets> targets = co_await targets_of(annotated);
    if (targets.has_error()) {
        co_return targets.error();
    }
    result<std::set<std::string>> all = co_await places("escalation_policy", targets->policies, *users);
    if (all.has_error()) {
        co_return all.error();
    }
    const result<std::set<std::string>> scheduled = co_await places("schedule", targets->schedules, *users);
    if (scheduled.has_error()) {
        co_return scheduled.error();
    }
    all->insert(scheduled->begin(), scheduled->end());
    if (all->empty()) {
        out_.info(
            "not_on_call", {{"service", "pagerduty"}, {"request_id", request.id}, {"user", request.user}}
        );
        co_return std::optional<std::string>();
    }
    co_return std::optional(in_words(request.user, *all));
}

awaitable<result<std::set<std::string>>> on_call_finder::accounts_of(std::string teleport_user) {
    std::set<std::string> ids;
    if (people_ != nullptr) {
        for (const auto& [id, user] : *people_) {
            if (user == teleport_user) {
                ids.insert(id);
            }
        }
    }
    if (!ids.empty() || !access::looks_like_email(teleport_user)) {
        co_return ids;
    }
    const auto found = co_await directory_.users_by_email(teleport_user);
    if (found.has_error()) {
        co_return found.error();
    }
    for (const user_facts& user : *found) {
        // Who is listed as somebody else isn't this one.
        if (people_ == nullptr || !people_->contains(user.id)) {
            ids.insert(user.id);
        }
    }
    co_return ids;
}

awaitable<result<on_call_targets>> on_call_finder::targets_of(texts annotated) {
    on_call_targets made;
    texts services = config_.services;
    services.insert(services.end(), annotated.begin(), annotated.end());
    const result<void> by_service = co_await add_services(std::move(services), made);
    if (by_service.has_error()) {
        co_return by_service.error();
    }
    const result<void> by_policy = co_await add_named("escalation_policy", config_.policies, made.policies);
    if (by_policy.has_error()) {
        co_return by_policy.error();
    }
    const result<void> by_schedule = co_await add_named("schedule", config_.schedules, made.schedules);
    if (by_schedule.has_error()) {
        co_return by_schedule.error();
    }
    co_return made;
}

awaitable<result<void>> on_call_finder::add_services(texts names, on_call_targets& to) {
    for (const std::string& name : names) {
        const auto found = co_await directory_.find("service", name);
        if (found.has_error()) {
            co_return found.error();
        }
        if (!found->has_value()) {
            out_.warning("on_call_service_not_found", {{"service", "pagerduty"}, {"name", name}});
            continue;
        }
        const named_thing& service = **found;
        const std::string policy(text_of(object_of(service.whole, "escalation_policy"), "id"));
        if (!policy.empty()) {
            std::string& label = to.policies[policy];
            label += (label.empty() ? "" : ", ") + called("service", service);
        }
    }
    co_return result<void>();
}

awaitable<result<void>>
on_call_finder::add_named(std::string kind, texts names, std::map<std::string, std::string>& to) {
    const std::string what = kind == "schedule" ? "schedule" : "escalation policy";
    for (const std::string& name : names) {
        const auto found = co_await directory_.find(kind, name);
        if (found.has_error()) {
            co_return found.error();
        }
        if (!found->has_value()) {
            out_.warning("on_call_" + kind + "_not_found", {{"service", "pagerduty"}, {"name", name}});
            continue;
        }
        to.emplace((*found)->id, called(what, **found));
    }
    co_return result<void>();
}

awaitable<result<std::set<std::string>>> on_call_finder::places(
    std::string filter, std::map<std::string, std::string> wanted, std::set<std::string> users
) {
    std::set<std::string> found;
    if (wanted.empty()) {
        co_return found;
    }
    call asked(http_method::get, "oncalls");
    asked.counted_as = "oncalls";
    for (const std::string& user : users) {
        asked.query.add("user_ids[]", user);
    }
    const std::string parameter = filter == "schedule" ? "schedule_ids[]" : "escalation_policy_ids[]";
    for (const auto& [id, label] : wanted) {
        asked.query.add(parameter, id);
    }
    const auto entries = co_await api_.list(std::move(asked), "oncalls");
    if (entries.has_error()) {
        co_return entries.error();
    }
    for (const json::object& entry : *entries) {
        if (counts(entry, filter, wanted, users)) {
            const std::string id(text_of(object_of(entry, filter), "id"));
            found.insert(
                wanted.at(id) +
                (filter == "schedule" ? "" : " (level " + std::to_string(level_of(entry)) + ")")
            );
        }
    }
    co_return found;
}

// What PagerDuty was asked to leave out is not believed to be left out.
bool on_call_finder::counts(
    const json::object& entry,
    const std::string& filter,
    const std::map<std::string, std::string>& wanted,
    const std::set<std::string>& users
) const {
    const std::int64_t level = level_of(entry);
    const bool near = filter == "schedule" || (level >= 1 && level <= std::int64_t{config_.last_level});
    return near && users.contains(std::string(text_of(object_of(entry, "user"), "id"))) &&
           wanted.contains(std::string(text_of(object_of(entry, filter), "id"))) &&
           !is_over_or_to_come(entry, time_.now());
}

} // namespace hallpass::services::pagerduty
