#include "services/jira/client.hpp"
#include "services/jira/jira_kind.hpp"

namespace hallpass::services::jira {

namespace {

std::unique_ptr<ports::service> make_jira(settings& own, ports::service_environment environment) {
    auto config = read_config(own);
    if (!config) {
        return nullptr;
    }
    return std::make_unique<jira_service>(std::move(*config), environment);
}

constexpr std::string_view jira_example = R"(# hallpass for Jira. Check it with: hallpass check -c FILE

[teleport]
# host:port of the Auth Service, not of a Proxy.
addr = "auth.example.com:3025"
# Written by "tctl auth sign --format=file" or by a Machine ID bot. It is read again when it changes.
identity = "/var/lib/hallpass/identity"
refresh_identity = true

[jira]
# Where Jira is, and the account that makes the issues. It needs Browse Projects, Create Issues, Transition Issues and
# Add Comments in the project.
url = "https://example.atlassian.net"
username = "hallpass@example.com"
# Of Cloud: an API token of that account. Of Data Center: a personal access token, without username.
# The text itself, or the absolute path of a file that holds it and nothing else.
api_token = "/etc/hallpass/jira-token"
# For API tokens with scopes and those of service accounts: the site's id, from https://SITE/_edge/tenant_info
# cloud_id = "11223344-a1b2-4b33-8444-ef1234567890"

# Every request becomes an issue of this type in this project.
project = "ACCESS"
issue_type = "Task"

# The statuses of the project's workflow that a request's end moves its issue to.
# approved_status = "Approved"
# denied_status = "Denied"
# expired_status = "Expired"
# promoted_status = "Promoted"

# Where reviews are on ([review] enabled = true), moved issues are looked for every 15 s and decide (docs/deciding.md).
# With the secret of a webhook, at once.
# webhook_secret = "/etc/hallpass/jira-webhook-secret"

[log]
output = "stderr" # or stdout, journal, or the path of a file
severity = "info" # or debug, warning, error
format = "text" # or json
)";

} // namespace

constinit const ports::service_kind jira_kind{"jira", jira_example, make_jira, true, {},
                                              {},     false,        nullptr,   true};

} // namespace hallpass::services::jira
