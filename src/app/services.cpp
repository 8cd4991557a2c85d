#include "app/services.hpp"

#include "services/datadog/datadog_kind.hpp"
#include "services/discord/discord_kind.hpp"
#include "services/jira/jira_kind.hpp"
#include "services/mattermost/mattermost_kind.hpp"
#include "services/msteams/msteams_kind.hpp"
#include "services/opsgenie/opsgenie_kind.hpp"
#include "services/pagerduty/pagerduty_kind.hpp"
#include "services/servicenow/servicenow_kind.hpp"
#include "services/slack/slack_kind.hpp"

#include <array>

namespace hallpass::app {

std::span<const ports::service_kind* const> service_kinds() {
    // A new service adds a line here, and a folder.
    static const std::array<const ports::service_kind*, 10> kinds{
        &services::slack::slack_kind,
        &services::discord::discord_kind,
        &services::mattermost::mattermost_kind,
        &services::msteams::msteams_kind,
        &services::jira::jira_kind,
        &services::servicenow::servicenow_kind,
        &services::datadog::datadog_kind,
        &services::opsgenie::opsgenie_kind,
        &services::opsgenie::jsm_kind,
        &services::pagerduty::pagerduty_kind,
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
