#include "services/servicenow/client.hpp"
#include "services/servicenow/servicenow_kind.hpp"

namespace hallpass::services::servicenow {

namespace {

std::unique_ptr<ports::service> make_servicenow(settings& own, ports::service_environment environment) {
    auto config = read_config(own);
    if (!config) {
        return nullptr;
    }
    return std::make_unique<servicenow_service>(std::move(*config), environment);
}

constexpr std::string_view servicenow_example =
    R"(# hallpass for ServiceNow. Check it with: hallpass check -c FILE

[teleport]
# host:port of the Auth Service, not of a Proxy.
addr = "auth.example.com:3025"
# Written by "tctl auth sign --format=file" or by a Machine ID bot. It is read again when it changes.
identity = "/var/lib/hallpass/identity"
refresh_identity = true

[servicenow]
api_url = "https://example.service-now.com"
# An account with the role itil or sn_incident_write, and its password: the text itself, or the absolute path of a file
# that holds it and nothing else. Closing an incident (state 7) takes itil_admin.
username = "hallpass"
api_token = "/etc/hallpass/servicenow-password"
# Instead of them, or with them, an OAuth client:
# client_id = "0123456789abcdef0123456789abcdef"
# client_secret = "/etc/hallpass/servicenow-client-secret"

# What the instance wants with a resolution; "hallpass check" names the codes it has.
close_code = "Resolved by request"
# The state that each end leads to: 6 is Resolved, 7 Closed.
# approved_state = 6
# denied_state = 7
# expired_state = 6
# promoted_state = 6
# assignment_group = "Service Desk"

# Requests of people who are on call in a rota that the request's annotation teleport.dev/schedules names are approved.
# approve_on_call = true

# Only where approvals in ServiceNow decide (docs/deciding.md): what its webhook sends in the header X-Hallpass-Secret.
# webhook_secret = "/etc/hallpass/servicenow-webhook-secret"

[log]
output = "stderr" # or stdout, journal, or the path of a file
severity = "info" # or debug, warning, error
format = "text" # or json
)";

} // namespace

constinit const ports::service_kind servicenow_kind{"servicenow", servicenow_example, make_servicenow, true};

} // namespace hallpass::services::servicenow
