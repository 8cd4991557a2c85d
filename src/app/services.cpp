#include "app/services.hpp"

#include "services/discord/discord_kind.hpp"
#include "services/email/email_kind.hpp"
#include "services/slack/slack_kind.hpp"

#include <array>

namespace hallpass::app {

std::span<const ports::service_kind* const> service_kinds() {
    // A new service adds a line here, and a folder.
    static const std::array<const ports::service_kind*, 3> kinds{
        &services::slack::slack_kind,
        &services::discord::discord_kind,
        &services::email::email_kind,
    };
    return kinds;
}

const ports::service_kind* find_service_kind(std::string_view name) {
    for (const ports::service_kind* kind : service_kinds()) {
        if (kind->name == name) {
            return kind;
        }
    }
    return nullptr;
}

} // namespace hallpass::app
