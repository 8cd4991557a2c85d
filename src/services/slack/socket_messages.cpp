#include "services/slack/socket_messages.hpp"

#include "services/json_members.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace hallpass::services::slack {

namespace json = boost::json;

namespace {

constexpr std::size_t longest_id = 128;

bool is_plain_id(std::string_view text) {
    return !text.empty() && text.size() <= longest_id && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
               c == '_' || c == '.';
    });
}

socket_hello read_hello(const json::object& message) {
    socket_hello hello;
    const std::string_view app = text_of(object_of(message, "connection_info"), "app_id");
    hello.app = is_plain_id(app) ? app : std::string_view();
    const json::value* count = message.if_contains("num_connections");
    if (count != nullptr && count->is_int64() && count->get_int64() > 0) {
        hello.connections = static_cast<std::size_t>(count->get_int64());
    }
    return hello;
}

socket_envelope read_envelope(json::object message) {
    socket_envelope envelope;
    envelope.id = text_of(message, "envelope_id");
    envelope.interactive = text_of(message, "type") == "interactive";
    const json::value* takes = message.if_contains("accepts_response_payload");
    envelope.takes_payload = takes != nullptr && takes->is_bool() && takes->get_bool();
    json::value* payload = message.if_contains("payload");
    if (payload != nullptr && payload->is_object()) {
        envelope.payload = std::move(payload->get_object());
    }
    return envelope;
}

} // namespace

socket_message read_socket_message(std::string_view text) {
    if (text.size() > largest_socket_message) {
        return {};
    }
    std::optional<json::value> parsed = parse_foreign(text);
    json::object* message = parsed ? parsed->if_object() : nullptr;
    if (message == nullptr) {
        return {};
    }
    const std::string_view type = text_of(*message, "type");
    if (type == "hello") {
        return read_hello(*message);
    }
    if (type == "disconnect") {
        const bool disabled = text_of(*message, "reason") == "link_disabled";
        return disabled ? socket_parting::disabled : socket_parting::moving;
    }
    if (!is_plain_id(text_of(*message, "envelope_id"))) {
        return {};
    }
    return read_envelope(std::move(*message));
}

std::string acknowledgement(std::string_view envelope_id, std::string_view answer) {
    json::object made{{"envelope_id", envelope_id}};
    if (std::optional<json::value> payload = parse_foreign(answer)) {
        made["payload"] = std::move(*payload);
    }
    return json::serialize(made);
}

} // namespace hallpass::services::slack
