#include "services/msteams/client.hpp"
#include "services/msteams/configure.hpp"
#include "services/msteams/msteams_kind.hpp"

#include <array>

namespace hallpass::services::msteams {

namespace {

std::unique_ptr<ports::service> make_msteams(settings& own, ports::service_environment environment) {
    auto config = read_config(own);
    if (!config) {
        return nullptr;
    }
    return std::make_unique<msteams_service>(std::move(*config), environment);
}

constexpr std::array<std::string_view, 1> sections{"msapi"}; // upstream's

constexpr std::string_view msteams_example =
    R"(# hallpass for Microsoft Teams. Check it with: hallpass check -c FILE

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

# The app's registration in Entra. It needs these application permissions of Graph, with an administrator's consent:
# AppCatalog.Read.All, User.Read.All, TeamsAppInstallation.ReadWriteSelfForUser.All and
# TeamsAppInstallation.ReadWriteSelfForTeam.All.
[msapi]
app_id = "00000000-0000-0000-0000-000000000000"
tenant_id = "00000000-0000-0000-0000-000000000000"
# A client secret of the registration, or the absolute path of a file that holds it and nothing else.
app_secret = "/etc/hallpass/teams-app-secret"
# The id in the manifest of the Teams app, which must be in the organisation's catalogue.
teams_app_id = "00000000-0000-0000-0000-000000000000"
# "emea", "amer" or "apac".
# region = "emea"
# Only for a multi-tenant bot:
# bot_tenant = "botframework.com"

# Who is told of a request for a role: e-mail addresses and object ids of people, and channels by their links ("Get link
# to channel"); the app must have been added to the channel's team. "*" is for all roles without a line of their own.
[role_to_recipients]
"*" = ["alice@example.com"]
# prod-admin = ["https://teams.microsoft.com/l/channel/19%3A...%40thread.tacv2/Approvals?groupId=...&tenantId=..."]

[log]
output = "stderr" # or stdout, journal, or the path of a file
severity = "info" # or debug, warning, error
format = "text" # or json
)";

} // namespace

constinit const ports::service_kind msteams_kind{"msteams", msteams_example, make_msteams,
                                                 false,     sections,        configure_msteams};

} // namespace hallpass::services::msteams
