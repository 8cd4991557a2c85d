// The body of a callback whose signature was right: what is believed of it must be what we could have posted.
#include "services/slack/interaction.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <variant>

using namespace hallpass::services::slack;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto payload = read_payload(std::string_view(reinterpret_cast<const char*>(data), size));
    if (!payload) {
        return 0;
    }
    const interaction read = read_interaction(*payload);
    if (const auto* click = std::get_if<button_click>(&read)) {
        if (click->request_id.empty() || click->who.user.empty() || click->who.team.empty()) {
            std::abort();
        }
    }
    if (const auto* form = std::get_if<form_sent>(&read)) {
        const auto again = read_payload("payload=" + to_private_metadata(form->about));
        const bool ours = again && !std::holds_alternative<std::monostate>(read_interaction(*again));
        if (form->about.request_id.empty() || form->who.user.empty() || ours) {
            std::abort();
        }
    }
    return 0;
}
