#include "services/slack/app_manifest.hpp"
#include "services/slack/client.hpp"
#include "services/slack/slack_kind.hpp"

namespace hallpass::services::slack {

namespace {

std::unique_ptr<ports::service> make_slack(settings& own, ports::service_environment environment) {
    auto config = read_config(own);
    auto app_token = read_app_token(own, environment.review);
    if (!config || !app_token) {
        return nullptr;
    }
    config->app_token = std::move(*app_token);
    return std::make_unique<slack_service>(std::move(*config), environment);
}

constexpr std::string_view slack_example = R"(# hallpass for Slack. Check it with: hallpass check -c FILE

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

[slack]
# The app's bot token, or the absolute path of a file that holds it and nothing else.
# Scopes: chat:write, users:read, users:read.email; im:write, im:history, channels:history and groups:history
# let hallpass look up, after a crash, whether a message was sent.
token = "/etc/hallpass/slack-token"
# Only where reviews from Slack are on; without one of these two, messages have no buttons. Both are under "Basic
# Information" in the app's settings. Over Socket Mode, for which no port is opened: an app-level token with the scope
# connections:write, or the path of a file that holds it.
# app_token = "/etc/hallpass/slack-app-token"
# Over HTTPS, which needs [http]: the signing secret, or the path of a file that holds it.
# signing_secret = "/etc/hallpass/slack-signing-secret"
# Only where Slack is somewhere else, as for GovSlack:
# api_url = "https://slack-gov.com/api/"

# Who is told of a request for a role: e-mail addresses, and channels by name or id. The app must be a member of
# each channel. "*" is for all roles without a line of their own.
[role_to_recipients]
"*" = ["access-requests"]
# prod-admin = ["oncall@example.com", "prod-approvals"]

[log]
output = "stderr" # or stdout, journal, or the path of a file
severity = "info" # or debug, warning, error
format = "text" # or json
)";

} // namespace

constinit const ports::service_kind slack_kind{"slack", slack_example, make_slack, false, {}, configure};

} // namespace hallpass::services::slack
