#include "services/datadog/client.hpp"
#include "services/datadog/datadog_kind.hpp"

namespace hallpass::services::datadog {

namespace {

std::unique_ptr<ports::service> make_datadog(settings& own, ports::service_environment environment) {
    auto config = read_config(own);
    if (!config) {
        return nullptr;
    }
    return std::make_unique<datadog_service>(std::move(*config), environment);
}

constexpr std::string_view datadog_example =
    R"(# hallpass for Datadog's incidents. Check it with: hallpass check -c FILE

[teleport]
# host:port of the Auth Service, not of a Proxy.
addr = "auth.example.com:3025"
# Written by "tctl auth sign --format=file" or by a Machine ID bot. It is read again when it changes.
identity = "/var/lib/hallpass/identity"
refresh_identity = true

[datadog]
# The API's address of the organisation's site.
api_endpoint = "https://api.datadoghq.com"
# The keys themselves, or the absolute paths of files that hold them and nothing else. The application key needs
# incident_read and incident_write.
api_key = "/etc/hallpass/datadog-api-key"
application_key = "/etc/hallpass/datadog-application-key"
severity = "SEV-3"

# Requests of people who are on call in a team that the request's annotation teleport.dev/schedules names are approved. The
# application key needs on_call_read and teams_read for it.
# approve_on_call = true

# Whom the one incident of a request notifies: e-mail addresses, and teams by their handle.
[role_to_recipients]
"*" = ["oncall@example.com", "platform"]

[log]
output = "stderr" # or stdout, journal, or the path of a file
severity = "info" # or debug, warning, error
format = "text" # or json
)";

} // namespace

constinit const ports::service_kind datadog_kind{"datadog", datadog_example, make_datadog, true};

} // namespace hallpass::services::datadog
