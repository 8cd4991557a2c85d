#include "ops/status_json.hpp"

#include "base/text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <array>
#include <optional>
#include <utility>

namespace hallpass::ops {

namespace json = boost::json;

namespace {

constexpr std::array<std::pair<ports::delivery_state, std::string_view>, 5> state_names{{
    {ports::delivery_state::done, "done"},
    {ports::delivery_state::owed, "owed"},
    {ports::delivery_state::sending, "sending"},
    {ports::delivery_state::waiting, "waiting"},
    {ports::delivery_state::refused, "refused"},
}};

void put(json::object& into, std::string_view key, const std::string& text) {
    if (!text.empty()) {
        into[key] = valid_utf8(text);
    }
}

void put(json::object& into, std::string_view key, const std::optional<instant>& at) {
    if (at) {
        into[key] = to_rfc3339(*at);
    }
}

json::object delivery_json(const ports::delivery_status& delivery) {
    json::object made;
    put(made, "recipient", delivery.recipient);
    made["requester"] = delivery.is_requester;
    made["state"] = to_string(delivery.state);
    put(made, "conversation", delivery.message.conversation);
    put(made, "message", delivery.message.id);
    put(made, "why", delivery.why);
    put(made, "next_attempt", delivery.next_attempt);
    return made;
}

json::object request_json(const ports::request_status& request) {
    json::object made;
    put(made, "id", request.id);
    put(made, "user", request.user);
    made["state"] = access::to_string(request.state);
    put(made, "created", request.created);
    put(made, "held_by", request.held_by);
    json::array deliveries;
    for (const ports::delivery_status& one : request.deliveries) {
        deliveries.emplace_back(delivery_json(one));
    }
    made["deliveries"] = std::move(deliveries);
    return made;
}

json::object service_json(const ports::service_status& service) {
    json::object made;
    put(made, "service", service.service);
    put(made, "why_paused", service.why_paused);
    put(made, "paused_until", service.paused_until);
    made["sent"] = service.sent;
    made["failed"] = service.failed;
    made["found_after_uncertain_send"] = service.found_after_uncertain_send;
    made["repeated_after_uncertain_send"] = service.repeated_after_uncertain_send;
    made["skipped_after_uncertain_send"] = service.skipped_after_uncertain_send;
    json::array requests;
    for (const ports::request_status& one : service.requests) {
        requests.emplace_back(request_json(one));
    }
    made["requests"] = std::move(requests);
    return made;
}

std::string text_of(const json::object& from, std::string_view key) {
    const json::value* const found = from.if_contains(key);
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

std::optional<instant> instant_of(const json::object& from, std::string_view key) {
    return parse_rfc3339(text_of(from, key));
}

bool flag_of(const json::object& from, std::string_view key) {
    const json::value* const found = from.if_contains(key);
    return found != nullptr && found->is_bool() && found->get_bool();
}

std::int64_t number_of(const json::object& from, std::string_view key) {
    const json::value* const found = from.if_contains(key);
    return found != nullptr && found->is_int64() ? found->get_int64() : 0;
}

std::size_t count_of(const json::object& from, std::string_view key) {
    return static_cast<std::size_t>(std::max(std::int64_t{0}, number_of(from, key)));
}

json::object object_of(const json::object& from, std::string_view key) {
    const json::value* const found = from.if_contains(key);
    return found != nullptr && found->is_object() ? found->get_object() : json::object();
}

// Each object of the array under the key, as `read` makes it.
template <class T>
std::vector<T> all_of(const json::object& from, std::string_view key, T (*read)(const json::object&)) {
    std::vector<T> all;
    const json::value* const found = from.if_contains(key);
    if (found == nullptr || !found->is_array()) {
        return all;
    }
    for (const json::value& one : found->get_array()) {
        if (one.is_object()) {
            all.push_back(read(one.get_object()));
        }
    }
    return all;
}

ports::delivery_status read_delivery(const json::object& from) {
    ports::delivery_status read;
    read.recipient = text_of(from, "recipient");
    read.is_requester = flag_of(from, "requester");
    const std::string state = text_of(from, "state");
    for (const auto& [value, name] : state_names) {
        read.state = name == state ? value : read.state;
    }
    read.message = access::message_ref(text_of(from, "conversation"), text_of(from, "message"));
    read.why = text_of(from, "why");
    read.next_attempt = instant_of(from, "next_attempt");
    return read;
}

ports::request_status read_request(const json::object& from) {
    ports::request_status read;
    read.id = text_of(from, "id");
    read.user = text_of(from, "user");
    read.state = access::parse_request_state(text_of(from, "state"));
    read.created = instant_of(from, "created");
    read.held_by = text_of(from, "held_by");
    read.deliveries = all_of(from, "deliveries", read_delivery);
    return read;
}

ports::service_status read_service(const json::object& from) {
    ports::service_status read;
    read.service = text_of(from, "service");
    read.why_paused = text_of(from, "why_paused");
    read.paused_until = instant_of(from, "paused_until");
    read.sent = count_of(from, "sent");
    read.failed = count_of(from, "failed");
    read.found_after_uncertain_send = count_of(from, "found_after_uncertain_send");
    read.repeated_after_uncertain_send = count_of(from, "repeated_after_uncertain_send");
    read.skipped_after_uncertain_send = count_of(from, "skipped_after_uncertain_send");
    read.requests = all_of(from, "requests", read_request);
    return read;
}

} // namespace

std::string_view to_string(ports::delivery_state state) noexcept {
    for (const auto& [value, name] : state_names) {
        if (value == state) {
            return name;
        }
    }
    return "?";
}

std::string to_json(const instance_status& status) {
    json::object configuration{{"read", to_rfc3339(status.configuration_read)}};
    put(configuration, "reload_refused", status.reload_refused);
    json::object teleport{{"connected", status.connected}, {"since", to_rfc3339(status.connected_since)}};
    put(teleport, "address", status.address);
    put(teleport, "cluster", status.cluster);
    put(teleport, "why", status.why_not_connected);
    json::array services;
    for (const ports::service_status& one : status.services) {
        services.emplace_back(service_json(one));
    }
    json::object made;
    put(made, "version", status.version);
    put(made, "instance", status.instance);
    made["pid"] = status.pid;
    made["as_of"] = to_rfc3339(status.as_of);
    made["started"] = to_rfc3339(status.started);
    made["configuration"] = std::move(configuration);
    made["teleport"] = std::move(teleport);
    made["services"] = std::move(services);
    return json::serialize(made);
}

result<instance_status> parse_instance_status(std::string_view text) {
    boost::system::error_code error;
    const json::value parsed = json::parse(text, error);
    const json::object* const from = error ? nullptr : parsed.if_object();
    if (from == nullptr || text_of(*from, "instance").empty()) {
        return fault(fault_kind::malformed, "the answer is not the status of a hallpass");
    }
    instance_status read;
    read.version = text_of(*from, "version");
    read.instance = text_of(*from, "instance");
    read.pid = number_of(*from, "pid");
    read.as_of = instant_of(*from, "as_of").value_or(instant());
    read.started = instant_of(*from, "started").value_or(read.as_of);
    const json::object configuration = object_of(*from, "configuration");
    read.configuration_read = instant_of(configuration, "read").value_or(read.started);
    read.reload_refused = text_of(configuration, "reload_refused");
    const json::object teleport = object_of(*from, "teleport");
    read.connected = flag_of(teleport, "connected");
    read.connected_since = instant_of(teleport, "since").value_or(read.started);
    read.address = text_of(teleport, "address");
    read.cluster = text_of(teleport, "cluster");
    read.why_not_connected = text_of(teleport, "why");
    read.services = all_of(*from, "services", read_service);
    return read;
}

} // namespace hallpass::ops
