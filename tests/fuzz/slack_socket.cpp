// A text of a connection to Slack: what is taken of it can be acknowledged, and its payload is read like a
// callback's.
#include "services/slack/interaction.hpp"
#include "services/slack/socket_messages.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>

using namespace hallpass::services::slack;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const socket_message read =
        read_socket_message(std::string_view(reinterpret_cast<const char*>(data), size));
    const auto* envelope = std::get_if<socket_envelope>(&read);
    if (envelope == nullptr) {
        return 0;
    }
    if (acknowledgement(envelope->id) != R"({"envelope_id":")" + envelope->id + "\"}") {
        std::abort();
    }
    const interaction what = read_interaction(envelope->payload);
    const auto* click = std::get_if<button_click>(&what);
    if (click != nullptr &&
        (click->request_id.empty() || click->who.user.empty() || click->who.team.empty())) {
        std::abort();
    }
    return 0;
}
