#include "services/mattermost/client.hpp"
#include "services/mattermost/mattermost_kind.hpp"

namespace hallpass::services::mattermost {

namespace {

bool wants_reviews(settings& own, settings* common) {
    auto table = own.is_table("review") ? own.table("review") : std::nullopt;
    if (table && table->has("enabled")) {
        return table->flag("enabled").value_or(false);
    }
    return common != nullptr && common->has("enabled") && common->flag("enabled").value_or(false);
}

// Mattermost is told with each button whom to call.
void look_at_decisions(settings& own, const ports::service_environment& environment) {
    if (environment.public_addr.empty() && wants_reviews(own, environment.review)) {
        own.warning(
            "",
            "reviews are enabled, but [http] has no public_addr, so posts have no buttons; set it to the URL "
            "at which the Mattermost server reaches hallpass, such as https://hallpass.example.com:8081"
        );
    }
}

std::unique_ptr<ports::service> make_mattermost(settings& own, ports::service_environment environment) {
    auto config = read_config(own);
    if (!config) {
        return nullptr;
    }
    look_at_decisions(own, environment);
    return std::make_unique<mattermost_service>(std::move(*config), environment);
}

constexpr std::string_view mattermost_example =
    R"(# hallpass for Mattermost. Check it with: hallpass check -c FILE

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

[mattermost]
url = "https://mattermost.example.com"
# The bot account's access token, or the absolute path of a file that holds it and nothing else. The bot must be a
# member of the team and of each channel, or have the role "post:all".
token = "/etc/hallpass/mattermost-token"
# Only where reviews are on, which need [http] with public_addr: what buttons are sealed with, or the path of a file that
# holds it. Without it, the key is derived from the token, and a new token makes older buttons useless.
# action_secret = "/etc/hallpass/mattermost-action-secret"

# Who is told of a request for a role: e-mail addresses, and channels as "team/channel", by the names in their URLs.
# "*" is for all roles without a line of their own.
[role_to_recipients]
"*" = ["example-team/access-requests"]
# prod-admin = ["oncall@example.com", "example-team/prod-approvals"]

[log]
output = "stderr" # or stdout, journal, or the path of a file
severity = "info" # or debug, warning, error
format = "text" # or json
)";

} // namespace

// Upstream's file may have recipients in its own section, or none but suggested reviewers.
constinit const ports::service_kind mattermost_kind{"mattermost", mattermost_example, make_mattermost, true};

} // namespace hallpass::services::mattermost
