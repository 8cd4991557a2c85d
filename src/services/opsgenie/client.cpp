#include "services/opsgenie/client.hpp"

#include "base/text.hpp"
#include "services/json_members.hpp"
#include "services/opsgenie/alert_text.hpp"
#include "services/opsgenie/migration.hpp"

#include <utility>

namespace hallpass::services::opsgenie {

namespace json = boost::json;
using access::message_ref;
using boost::asio::awaitable;
using ports::http_method;

namespace {

// Nobody's, and so nothing comes of it: what is refused is the key.
constexpr std::string_view no_request = "hallpass-check";

} // namespace

opsgenie_service::opsgenie_service(opsgenie_config config, ports::service_environment environment)
    : out_(environment.out),
      config_(std::move(config)),
      api_(environment.http, config_),
      alerts_(api_, environment.time),
      on_call_(api_, environment.time, environment.out, config_.on_call, environment.people) {
    const bool defaults = !config_.default_schedules.empty() || !config_.default_teams.empty();
    const bool routed = environment.routing != nullptr && !environment.routing->role_to_recipients.empty();
    if (routed && (config_.own_routing || !defaults)) {
        routing_ = *environment.routing;
    }
}

awaitable<result<void>> opsgenie_service::check_writing() {
    call asked(http_method::get, side::alerts, "alerts/requests/" + std::string(no_request));
    const result<json::object> reply = co_await api_.ask(std::move(asked));
    if (reply.has_error() && reply.error().kind() != fault_kind::not_found &&
        reply.error().kind() != fault_kind::permanent) {
        co_return reply.error();
    }
    co_return result<void>();
}

// Opsgenie alone: its successor knows schedules and teams by ids, and tells of wrong ones when an alert is
// made.
awaitable<result<void>>
opsgenie_service::check_named(std::string kind, std::string key, std::vector<std::string> names) {
    for (const std::string& name : names) {
        call asked(http_method::get, side::reading, kind + "s/" + in_path(name));
        asked.query.add("identifierType", is_id(name) ? "id" : "name");
        asked.counted_as = "configuration";
        const result<json::object> reply = co_await api_.ask(std::move(asked));
        if (reply.has_value()) {
            continue;
        }
        if (reply.error().kind() == fault_kind::not_found) {
            co_return fault(
                fault_kind::not_found,
                "Opsgenie has no " + kind + " \"" + one_line(name, 100) + "\"; correct opsgenie." + key
            );
        }
        // An integration's key may not read them, and makes alerts all the same.
        out_.warning(kind + "_not_checked", {{"name", name}, {"error", reply.error().text()}});
    }
    co_return result<void>();
}

// Alerts must be read to be found again; schedules only where somebody asks who is on call.
awaitable<result<std::string>> opsgenie_service::check_reading() {
    const auto alert = co_await alerts_.find_by_alias(std::string(no_request));
    if (alert.has_error()) {
        co_return alert.error();
    }
    const std::string said = std::string(title_of(config_.on)) + " by an integration's key";
    if (config_.on == platform::jsm) {
        co_return said;
    }
    const auto schedules = co_await check_named("schedule", "default_schedules", config_.default_schedules);
    if (schedules.has_error()) {
        co_return schedules.error();
    }
    const auto teams = co_await check_named("team", "default_teams", config_.default_teams);
    if (teams.has_error()) {
        co_return teams.error();
    }
    const auto on_call = co_await check_named("schedule", "on_call.schedules", config_.on_call.schedules);
    if (on_call.has_error()) {
        co_return on_call.error();
    }
    co_return said;
}

awaitable<result<std::string>> opsgenie_service::check() {
    if (config_.on == platform::opsgenie) {
        out_.warning(
            "opsgenie_ends", {{"on", std::string(end_of_opsgenie)}, {"mend", migration_words(config_)}}
        );
    }
    const result<void> writes = co_await check_writing();
    if (writes.has_error()) {
        co_return writes.error();
    }
    result<std::string> reads = co_await check_reading();
    if (reads.has_value() && config_.on == platform::opsgenie) {
        co_return *reads + ". Opsgenie ends on " + std::string(end_of_opsgenie) +
            "; its successor's section would be:\n" + migrated_section(config_);
    }
    co_return reads;
}

std::optional<std::vector<std::string>> opsgenie_service::recipients(const access::access_request& request
) const {
    const std::vector<responder> all = responders_for(request, config_, routing_);
    return all.empty() ? std::vector<std::string>() : std::vector<std::string>{to_text(all)};
}

awaitable<result<access::address>> opsgenie_service::resolve(std::string recipient) {
    const std::vector<responder> all = read_responders(recipient);
    if (all.empty()) {
        co_return fault(
            fault_kind::not_found, "recipient \"" + one_line(recipient, 100) + "\": names no schedule or team"
        );
    }
    co_return access::address(to_text(all));
}

awaitable<result<std::optional<access::address>>> opsgenie_service::resolve_requester(std::string) {
    co_return std::optional<access::address>();
}

awaitable<result<message_ref>>
opsgenie_service::post(access::address to, access::card shown, access::delivery_key) {
    json::object made = new_alert(shown, read_responders(to.id), config_.priority);
    const result<std::string> id = co_await alerts_.create(std::move(made));
    if (id.has_error()) {
        co_return id.error();
    }
    const message_ref posted(*id, *id);
    // A request that was resolved meanwhile has an alert that says so, and is closed.
    const result<void> settled = co_await update(posted, std::move(shown));
    if (settled.has_error()) {
        // The alert is there: whoever tries again finds it, and settles it then.
        fault half = settled.error();
        half.set_uncertain(true);
        co_return half;
    }
    co_return posted;
}

awaitable<result<void>> opsgenie_service::update(message_ref message, access::card shown) {
    if (!access::is_resolved(shown.state)) {
        co_return result<void>();
    }
    const std::string id = message.conversation;
    const result<alert> now = co_await alerts_.read(id);
    if (now.has_error()) {
        co_return now.error();
    }
    const result<bool> told = co_await alerts_.has_note(id, outcome_key(shown));
    if (told.has_error()) {
        co_return told.error();
    }
    if (now->closed && *told) {
        co_return result<void>();
    }
    std::string note = *told ? std::string() : outcome_note(shown);
    if (now->closed) {
        const result<void> added = co_await alerts_.add_note(id, std::move(note));
        co_return added;
    }
    const result<void> closed = co_await alerts_.close(id, std::move(note));
    co_return closed;
}

awaitable<result<message_ref>> opsgenie_service::reply(
    message_ref message, access::card shown, std::size_t index, access::delivery_key key
) {
    if (index >= shown.reviews.size()) {
        co_return fault(
            fault_kind::bug, "a reply for review " + std::to_string(index) + ", which isn't there"
        );
    }
    std::string note = review_note(shown, index, key);
    const result<void> added = co_await alerts_.add_note(message.conversation, std::move(note));
    if (added.has_error()) {
        co_return added.error();
    }
    co_return message_ref(message.conversation, key.part);
}

awaitable<result<message_ref>>
opsgenie_service::tell_outcome(message_ref, access::card, access::delivery_key) {
    co_return fault(fault_kind::unsupported, "alerts have no message for requesters");
}

awaitable<result<std::optional<message_ref>>>
opsgenie_service::find(access::address, message_ref thread, access::delivery_key key, instant) {
    if (key.part == "card") {
        const auto found = co_await alerts_.find_by_alias(alias_of(key.request_id));
        if (found.has_error()) {
            co_return found.error();
        }
        co_return found->has_value() ? std::optional(message_ref((*found)->id, (*found)->id)) : std::nullopt;
    }
    const std::string part = key.part;
    const result<bool> there = co_await alerts_.has_note(thread.conversation, std::move(key));
    if (there.has_error()) {
        co_return there.error();
    }
    co_return *there ? std::optional(message_ref(thread.conversation, part)) : std::nullopt;
}

awaitable<result<std::optional<std::string>>> opsgenie_service::on_call(access::access_request request) {
    return on_call_.find(std::move(request));
}

} // namespace hallpass::services::opsgenie
