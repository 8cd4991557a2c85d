#include "services/opsgenie/client.hpp"
#include "services/opsgenie/opsgenie_kind.hpp"

namespace hallpass::services::opsgenie {

namespace {

std::unique_ptr<ports::service>
make_with(std::optional<opsgenie_config> config, ports::service_environment environment) {
    if (!config) {
        return nullptr;
    }
    return std::make_unique<opsgenie_service>(std::move(*config), environment);
}

std::unique_ptr<ports::service> make_opsgenie(settings& own, ports::service_environment environment) {
    return make_with(read_opsgenie_config(own), environment);
}

std::unique_ptr<ports::service> make_jsm(settings& own, ports::service_environment environment) {
    return make_with(read_jsm_config(own), environment);
}

constexpr std::string_view opsgenie_example =
    R"(# hallpass for Opsgenie, which ends on 5 April 2027: "hallpass configure jsm" is for its successor.
# Check it with: hallpass check -c FILE

[teleport]
# host:port of the Auth Service, not of a Proxy.
addr = "auth.example.com:3025"
# Written by "tctl auth sign --format=file" or by a Machine ID bot. It is read again when it changes.
identity = "/var/lib/hallpass/identity"
refresh_identity = true

[opsgenie]
# The key of an integration of the type API, with "Read" and "Create and update", or the absolute path of a file that
# holds it and nothing else.
api_key = "/etc/hallpass/opsgenie-key"
# Only where that key may not read schedules and users: an API key of the account.
# reading_api_key = "/etc/hallpass/opsgenie-reading-key"
# Only for accounts of the EU region:
# api_url = "https://api.eu.opsgenie.com/"
# Whom the alerts call where no annotation "teleport.dev/notify-services" or "teleport.dev/teams" says so: names or ids.
default_schedules = ["Access requests"]
# default_teams = ["Platform"]
# priority = "P3"

# Requests of people who are on call by the schedules of their annotation "teleport.dev/schedules" are approved at once.
# Further rules for that:
# [opsgenie.on_call]
# roles = ["prod-admin"]
# schedules = ["Database on call"]
# max_duration = "4h"

[log]
output = "stderr" # or stdout, journal, or the path of a file
severity = "info" # or debug, warning, error
format = "text" # or json
)";

constexpr std::string_view jsm_example =
    R"(# hallpass for the operations of Jira Service Management. Check it with: hallpass check -c FILE

[teleport]
# host:port of the Auth Service, not of a Proxy.
addr = "auth.example.com:3025"
# Written by "tctl auth sign --format=file" or by a Machine ID bot. It is read again when it changes.
identity = "/var/lib/hallpass/identity"
refresh_identity = true

[jsm]
# The key of an integration of the type API, or the absolute path of a file that holds it and nothing else.
api_key = "/etc/hallpass/jsm-key"
# What https://<your site>.atlassian.net/_edge/tenant_info shows.
cloud_id = "35273b54-3f06-40d2-880f-dd28cf8daafa"
# An account that sees alerts and schedules, and an API token of it.
user_email = "hallpass@example.com"
api_token = "/etc/hallpass/jsm-token"
# Only where people on call are known by their e-mails, and not by [jsm.users]: the site that tells them.
# site_url = "https://example.atlassian.net/"
# Whom the alerts call where no annotation says so: names or ids.
default_schedules = ["Access requests"]
# default_teams = ["Platform"]
# priority = "P3"

[log]
output = "stderr" # or stdout, journal, or the path of a file
severity = "info" # or debug, warning, error
format = "text" # or json
)";

} // namespace

constinit const ports::service_kind opsgenie_kind{"opsgenie", opsgenie_example, make_opsgenie, true};
constinit const ports::service_kind jsm_kind{"jsm", jsm_example, make_jsm, true};

} // namespace hallpass::services::opsgenie
