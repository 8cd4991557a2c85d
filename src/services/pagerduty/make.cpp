#include "services/pagerduty/client.hpp"
#include "services/pagerduty/pagerduty_kind.hpp"

namespace hallpass::services::pagerduty {

namespace {

std::unique_ptr<ports::service> make_pagerduty(settings& own, ports::service_environment environment) {
    auto config = read_config(own);
    if (!config) {
        return nullptr;
    }
    return std::make_unique<pagerduty_service>(std::move(*config), environment);
}

constexpr std::string_view pagerduty_example =
    R"(# hallpass for PagerDuty. Check it with: hallpass check -c FILE

[teleport]
# host:port of the Auth Service, not of a Proxy.
addr = "auth.example.com:3025"
# Written by "tctl auth sign --format=file" or by a Machine ID bot. It is read again when it changes.
identity = "/var/lib/hallpass/identity"
refresh_identity = true
# Instead of identity, the three files of "tctl auth sign --format=tls":
# client_key = "/var/lib/hallpass/auth.key"
# client_crt = "/var/lib/hallpass/auth.crt"
# root_cas = "/var/lib/hallpass/auth.cas"

[pagerduty]
# A REST API key with full access ("Integrations", "API Access Keys"), or the absolute path of a file that holds it and
# nothing else.
api_key = "/etc/hallpass/pagerduty-key"
# The PagerDuty user that hallpass acts as. It must not be one of those who are called: an incident that comes to who
# made it calls nobody.
user_email = "hallpass@example.com"
# Where incidents go that no annotation "pagerduty_notify_service" sends elsewhere: ids or names of services.
# service_id = ["PT4KHLK"]
# Only for accounts of the EU region:
# api_url = "https://api.eu.pagerduty.com/"

# Requests of people who are on call for what their annotation "pagerduty_services" names are approved at once. Further
# rules for that:
# [pagerduty.on_call]
# enabled = true
# roles = ["prod-admin"]
# schedules = ["Database on call"]
# max_duration = "4h"

[log]
output = "stderr" # or stdout, journal, or the path of a file
severity = "info" # or debug, warning, error
format = "text" # or json
)";

} // namespace

constinit const ports::service_kind pagerduty_kind{"pagerduty", pagerduty_example, make_pagerduty, true};

} // namespace hallpass::services::pagerduty
