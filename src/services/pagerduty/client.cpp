#include "services/pagerduty/client.hpp"

#include "base/text.hpp"
#include "services/json_members.hpp"
#include "services/pagerduty/incident_text.hpp"
#include "services/pagerduty/notes.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace hallpass::services::pagerduty {

namespace json = boost::json;
using access::message_ref;
using boost::asio::awaitable;
using ports::http_method;
using std::chrono::milliseconds;

namespace {

// However many calls it takes: the workflow counts on it.
constexpr milliseconds longest_work = std::chrono::seconds(10);
constexpr milliseconds least_left{100};
constexpr std::size_t most_services = 100;

std::vector<std::string> each_once(const std::vector<std::string>& written) {
    std::vector<std::string> all;
    for (const std::string& one : written) {
        const std::string name(trimmed(one));
        if (!name.empty() && all.size() < most_services &&
            std::find(all.begin(), all.end(), name) == all.end()) {
            all.push_back(name);
        }
    }
    return all;
}

on_call_finder make_finder(
    api& pagerduty,
    directory& names,
    const pagerduty_config& config,
    const ports::service_environment& environment
) {
    return on_call_finder(
        pagerduty, names, environment.time, environment.out, config.on_call, config.on_call_annotation,
        environment.people
    );
}

// A read-only key is refused before PagerDuty looks for the incident, which isn't there.
constexpr std::string_view no_incident = "HALLPASSCHECK";

} // namespace

pagerduty_service::pagerduty_service(pagerduty_config config, ports::service_environment environment)
    : out_(environment.out),
      time_(environment.time),
      config_(std::move(config)),
      api_(environment.http, config_),
      directory_(api_, config_.user_email),
      on_call_(make_finder(api_, directory_, config_, environment)) {
    const bool routed = environment.routing != nullptr && !environment.routing->role_to_recipients.empty();
    if (routed && (config_.own_routing || config_.services.empty())) {
        routing_ = *environment.routing;
    }
}

awaitable<result<void>> pagerduty_service::check_rights() {
    call asked(http_method::post, "incidents/" + std::string(no_incident) + "/notes");
    asked.body.emplace();
    asked.body->emplace("note", json::object{{"content", "hallpass check"}});
    const result<json::object> reply = co_await api_.ask(std::move(asked));
    if (reply.has_error() && reply.error().kind() == fault_kind::unauthorised) {
        co_return reply.error();
    }
    co_return result<void>();
}

awaitable<void> pagerduty_service::warn_of_own_calls(std::string policy, std::string service) {
    const result<user_facts> own = co_await directory_.own_user();
    if (own.has_error() || policy.empty()) {
        co_return;
    }
    call asked(http_method::get, "oncalls");
    asked.counted_as = "oncalls";
    asked.query.add("user_ids[]", own->id).add("escalation_policy_ids[]", policy);
    const auto entries = co_await api_.list(std::move(asked), "oncalls");
    if (entries.has_value() && !entries->empty()) {
        out_.warning(
            "pagerduty_user_is_responder",
            {{"user", config_.user_email},
             {"service", service},
             {"mend",
              "incidents that come to the user who makes them are acknowledged at once and call nobody; "
              "take the user of pagerduty.user_email out of the escalation policy, or name another"}}
        );
    }
}

awaitable<result<std::string>> pagerduty_service::check_services() {
    std::string names;
    for (const std::string& written : config_.services) {
        const auto found = co_await directory_.find("service", written);
        if (found.has_error()) {
            co_return found.error();
        }
        if (!found->has_value()) {
            co_return fault(
                fault_kind::not_found, "PagerDuty has no service with the id or name \"" +
                                           one_line(written, 100) + "\"; correct pagerduty.service_id"
            );
        }
        const named_thing& service = **found;
        if (text_of(service.whole, "status") == "disabled") {
            co_return fault(
                fault_kind::permanent, "the PagerDuty service " + one_line(service.name, 100) +
                                           " is disabled and takes no incidents; switch it on"
            );
        }
        co_await warn_of_own_calls(
            std::string(text_of(object_of(service.whole, "escalation_policy"), "id")), service.name
        );
        names += (names.empty() ? "" : ", ") + one_line(service.name, 80);
    }
    co_return names;
}

awaitable<result<void>> pagerduty_service::check_on_call(std::string kind, std::vector<std::string> names) {
    for (const std::string& written : names) {
        const auto found = co_await directory_.find(kind, written);
        if (found.has_error()) {
            co_return found.error();
        }
        if (!found->has_value()) {
            co_return fault(
                fault_kind::not_found, "PagerDuty has no " + kind + " with the id or name \"" +
                                           one_line(written, 100) + "\"; correct [pagerduty.on_call]"
            );
        }
    }
    co_return result<void>();
}

awaitable<result<std::string>> pagerduty_service::check() {
    call asked(http_method::get, "abilities");
    const result<json::object> able = co_await api_.ask(std::move(asked));
    if (able.has_error()) {
        co_return able.error();
    }
    const result<user_facts> own = co_await directory_.own_user();
    if (own.has_error()) {
        co_return own.error();
    }
    if (own->role.starts_with("read_only")) {
        co_return fault(
            fault_kind::unauthorised, "the PagerDuty user " + one_line(own->email, 120) + " has the role " +
                                          one_line(own->role, 60) +
                                          ", which may make no incidents; give it another"
        );
    }
    const result<void> may_write = co_await check_rights();
    if (may_write.has_error()) {
        co_return may_write.error();
    }
    const result<std::string> services = co_await check_services();
    if (services.has_error()) {
        co_return services.error();
    }
    const on_call_config& on_call = config_.on_call;
    const result<void> called = co_await check_on_call("service", on_call.services);
    if (called.has_error()) {
        co_return called.error();
    }
    const result<void> scheduled = co_await check_on_call("schedule", on_call.schedules);
    if (scheduled.has_error()) {
        co_return scheduled.error();
    }
    const result<void> escalated = co_await check_on_call("escalation_policy", on_call.policies);
    if (escalated.has_error()) {
        co_return escalated.error();
    }
    co_return one_line(own->email, 120) + " (" + one_line(own->id, 30) + ", " + one_line(own->role, 60) +
        ')' + (services->empty() ? std::string(", services by annotation") : " for " + *services);
}

std::optional<std::vector<std::string>> pagerduty_service::recipients(const access::access_request& request
) const {
    const auto annotated = request.system_annotations.find(config_.notify_annotation);
    if (annotated != request.system_annotations.end()) {
        std::vector<std::string> named = each_once(annotated->second);
        if (!named.empty()) {
            return named;
        }
    }
    if (routing_) {
        // Suggested reviewers are people, and no services.
        access::access_request without_reviewers;
        without_reviewers.roles = request.roles;
        return access::route(without_reviewers, *routing_).recipients;
    }
    return config_.services;
}

awaitable<result<access::address>> pagerduty_service::resolve(std::string recipient) {
    const auto found = co_await directory_.find("service", recipient);
    if (found.has_error()) {
        co_return found.error();
    }
    if (!found->has_value()) {
        co_return fault(
            fault_kind::not_found, "PagerDuty has no service with the id or name \"" +
                                       one_line(recipient, 100) + "\"; correct the annotation " +
                                       config_.notify_annotation +
                                       ", service_id or [pagerduty.role_to_recipients]"
        );
    }
    co_return access::address((*found)->id);
}

awaitable<result<std::optional<access::address>>> pagerduty_service::resolve_requester(std::string) {
    co_return std::optional<access::address>();
}

awaitable<result<std::optional<message_ref>>>
pagerduty_service::find_incident(std::string service, std::string request_id) {
    const std::string key = incident_key(request_id);
    call asked(http_method::get, "incidents");
    asked.query.add("incident_key", key).add("service_ids[]", service).add("date_range", "all");
    const auto all = co_await api_.list(std::move(asked), "incidents");
    if (all.has_error()) {
        co_return all.error();
    }
    std::optional<message_ref> found;
    for (const json::object& one : *all) {
        const std::string id(text_of(one, "id"));
        const bool ours =
            text_of(one, "incident_key") == key && text_of(object_of(one, "service"), "id") == service;
        if (!ours || id.empty()) {
            continue;
        }
        // One that is open counts before one that somebody has resolved.
        if (!found || text_of(one, "status") != "resolved") {
            found = message_ref(id, id);
        }
    }
    co_return found;
}

awaitable<result<message_ref>>
pagerduty_service::post(access::address to, access::card shown, access::delivery_key) {
    const result<message_ref> made = co_await make_incident(std::move(to), shown);
    if (made.has_error()) {
        co_return made.error();
    }
    // A request that was resolved meanwhile has an incident that says so, and is as resolved.
    const result<void> settled = co_await update(*made, std::move(shown));
    if (settled.has_error()) {
        // The incident is there: whoever tries again finds it, and settles it then.
        fault half = settled.error();
        half.set_uncertain(true);
        co_return half;
    }
    co_return *made;
}

awaitable<result<message_ref>> pagerduty_service::make_incident(access::address to, access::card shown) {
    call making(http_method::post, "incidents");
    making.body = new_incident(shown, to.id, config_.urgency, callbacks_ != nullptr);
    making.counted_as = "POST incidents";
    const result<json::object> reply = co_await api_.ask(std::move(making));
    if (reply.has_error()) {
        const fault refused = reply.error();
        if (refused.kind() != fault_kind::permanent) {
            co_return refused;
        }
        // PagerDuty refuses a second open incident with the key (api-ticketing 2.2), as a bad request.
        const auto before = co_await find_incident(to.id, shown.request_id);
        if (before.has_value() && before->has_value()) {
            co_return **before;
        }
        co_return refused;
    }
    const json::object& incident = object_of(*reply, "incident");
    const std::string id(text_of(incident, "id"));
    if (id.empty()) {
        fault lost(fault_kind::transient, "PagerDuty POST incidents: the answer names no incident");
        lost.set_uncertain(true);
        co_return lost;
    }
    if (text_of(incident, "status") == "acknowledged") {
        out_.warning(
            "pagerduty_called_nobody",
            {{"incident", id},
             {"mend",
              "it came to the user of pagerduty.user_email, and so was acknowledged at once; take that user "
              "out of the service's escalation policy, or name another"}}
        );
    }
    co_return message_ref(id, id);
}

awaitable<result<void>> pagerduty_service::tell_end(std::string incident, access::card shown) {
    const instant until = time_.now() + longest_work;
    const auto left = [&] {
        return std::max(least_left, std::chrono::duration_cast<milliseconds>(until - time_.now()));
    };
    const result<user_facts> own = co_await directory_.own_user();
    if (own.has_error()) {
        co_return own.error();
    }
    const auto notes = co_await list_notes(api_, incident, left());
    if (notes.has_error()) {
        co_return notes.error();
    }
    if (find_note(*notes, own->id, outcome_key(shown)) == nullptr) {
        std::string content = outcome_note(shown);
        const result<std::string> told = co_await add_note(api_, incident, std::move(content), left());
        if (told.has_error()) {
            co_return told.error();
        }
    }
    co_return result<void>();
}

awaitable<result<void>> pagerduty_service::resolve_incident(std::string incident) {
    const std::string path = "incidents/" + in_path(incident);
    call asked(http_method::get, path);
    const result<json::object> now = co_await api_.ask(std::move(asked));
    if (now.has_error()) {
        co_return now.error();
    }
    if (text_of(object_of(*now, "incident"), "status") == "resolved") {
        co_return result<void>();
    }
    call resolving(http_method::put, path);
    resolving.body.emplace();
    resolving.body->emplace("incident", json::object{{"type", "incident_reference"}, {"status", "resolved"}});
    const result<json::object> done = co_await api_.ask(std::move(resolving));
    // Somebody else was faster.
    if (done.has_error() && done.error().kind() != fault_kind::conflict) {
        co_return done.error();
    }
    co_return result<void>();
}

awaitable<result<void>> pagerduty_service::update(message_ref message, access::card shown) {
    if (!access::is_resolved(shown.state)) {
        co_return result<void>();
    }
    const std::string incident = message.conversation;
    const result<void> told = co_await tell_end(incident, std::move(shown));
    if (told.has_error()) {
        co_return told.error();
    }
    const result<void> resolved = co_await resolve_incident(incident);
    co_return resolved;
}

awaitable<result<message_ref>> pagerduty_service::reply(
    message_ref message, access::card shown, std::size_t index, access::delivery_key key
) {
    if (index >= shown.reviews.size()) {
        co_return fault(
            fault_kind::bug, "a reply for review " + std::to_string(index) + ", which isn't there"
        );
    }
    std::string content = review_note(shown, index, key);
    const result<std::string> told = co_await add_note(api_, message.conversation, std::move(content));
    if (told.has_error()) {
        co_return told.error();
    }
    co_return message_ref(message.conversation, *told);
}

awaitable<result<message_ref>>
pagerduty_service::tell_outcome(message_ref, access::card, access::delivery_key) {
    co_return fault(fault_kind::unsupported, "PagerDuty has no message for requesters");
}

awaitable<result<std::optional<message_ref>>>
pagerduty_service::find(access::address to, message_ref thread, access::delivery_key key, instant) {
    if (key.part == "card") {
        auto found = co_await find_incident(std::move(to.id), std::move(key.request_id));
        co_return found;
    }
    const result<user_facts> own = co_await directory_.own_user();
    if (own.has_error()) {
        co_return own.error();
    }
    const auto notes = co_await list_notes(api_, thread.conversation);
    if (notes.has_error()) {
        co_return notes.error();
    }
    const note* found = find_note(*notes, own->id, key);
    co_return found == nullptr ? std::nullopt : std::optional(message_ref(thread.conversation, found->id));
}

std::vector<ports::callback_route> pagerduty_service::take_decisions(ports::decision_desk& desk) {
    if (config_.webhook_secret.empty()) {
        return {};
    }
    callbacks_ = std::make_unique<review_callbacks>(
        config_.webhook_secret, decision_actions{config_.approve_action, config_.deny_action}, api_,
        directory_, time_, out_, desk
    );
    return {callbacks_->route()};
}

awaitable<result<std::optional<std::string>>> pagerduty_service::on_call(access::access_request request) {
    return on_call_.find(std::move(request));
}

} // namespace hallpass::services::pagerduty
