// The body of an interaction whose signature was right: what is believed of it must be what we could have
// posted.
#include "services/discord/interaction.hpp"
#include "services/discord/review_ids.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <variant>

using namespace hallpass::services::discord;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto payload = read_payload(std::string_view(reinterpret_cast<const char*>(data), size));
    if (!payload) {
        return 0;
    }
    const interaction read = read_interaction(*payload);
    if (const auto* click = std::get_if<button_click>(&read)) {
        const std::string name = button_custom_id(click->what, click->request_id);
        if (click->request_id.empty() || click->person.id.empty() || name.size() > 100) {
            std::abort();
        }
    }
    if (const auto* form = std::get_if<form_sent>(&read)) {
        if (form->about.request_id.empty() || form->person.id.empty() || form->token.empty() ||
            form_custom_id(form->about).size() > 100 || form->reason.size() > 4 * reason_characters) {
            std::abort();
        }
    }
    return 0;
}
