#include "services/discord/gateway_frames.hpp"

#include "services/json_members.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <utility>

namespace hallpass::services::discord {

namespace json = boost::json;

namespace {

std::optional<std::int64_t> number_in(const json::object& from, std::string_view name) {
    const json::value* found = from.if_contains(name);
    const std::int64_t* number = found ? found->if_int64() : nullptr;
    return number && *number >= 0 ? std::optional(*number) : std::nullopt;
}

std::string frame(std::int64_t op, json::value data) {
    return json::serialize(json::object{{"op", op}, {"d", std::move(data)}});
}

} // namespace

std::optional<gateway_frame> read_gateway_frame(std::string_view text) {
    if (text.size() > largest_frame) {
        return std::nullopt;
    }
    auto parsed = parse_foreign(text);
    json::object* said = parsed ? parsed->if_object() : nullptr;
    const auto op = said ? number_in(*said, "op") : std::nullopt;
    if (!op) {
        return std::nullopt;
    }
    gateway_frame read;
    read.op = *op;
    read.sequence = number_in(*said, "s");
    read.event = text_of(*said, "t");
    if (json::value* data = said->if_contains("d")) {
        read.data = std::move(*data);
    }
    return read;
}

std::string heartbeat_frame(std::optional<std::int64_t> last) {
    return frame(gateway_op::heartbeat, last ? json::value(*last) : json::value(nullptr));
}

std::string identify_frame(const secret& token) {
    json::object properties{{"os", "linux"}, {"browser", "hallpass"}, {"device", "hallpass"}};
    return frame(
        gateway_op::identify,
        json::object{{"token", token.reveal()}, {"intents", 0}, {"properties", std::move(properties)}}
    );
}

std::string resume_frame(const secret& token, std::string_view session, std::int64_t last) {
    return frame(
        gateway_op::resume, json::object{{"token", token.reveal()}, {"session_id", session}, {"seq", last}}
    );
}

} // namespace hallpass::services::discord
