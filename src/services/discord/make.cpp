#include "services/discord/client.hpp"
#include "services/discord/discord_kind.hpp"

namespace hallpass::services::discord {

namespace {

std::unique_ptr<ports::service> make_discord(settings& own, ports::service_environment environment) {
    auto config = read_config(own);
    if (!config) {
        return nullptr;
    }
    return std::make_unique<discord_service>(std::move(*config), environment);
}

constexpr std::string_view discord_example = R"(# hallpass for Discord. Check it with: hallpass check -c FILE

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

[discord]
# The bot's token, or the absolute path of a file that holds it and nothing else.
# In each channel the bot needs View Channel, Send Messages, Embed Links and Read Message History; the last lets
# hallpass reply to its messages, and look up after a crash whether one was sent.
token = "/etc/hallpass/discord-token"
# Only where reviews from Discord are on: the app's Application ID ("General Information" in the Developer Portal), and
# how clicks come. Without them, messages have no buttons.
# application_id = "157730590492196864"
# Over a connection that hallpass opens, so that no port is needed:
# gateway = true
# Or over HTTPS, to the listener of [http]: the app's Public Key, from the same page.
# public_key = "9f2c0b7de6a1450c8d3b6f1e27a54c98d0e1f2a3b4c5d6e7f8091a2b3c4d5e6f"

# Who is who: Discord ids ("Copy User ID") and the Teleport users behind them. Whoever is here gets direct messages: as
# a recipient, as a suggested reviewer, and of their own requests.
[discord.users]
# "80351110224678912" = "alice@example.com"

# Who is told of a request for a role: channels by their ids ("Copy Channel ID"), and people of [discord.users].
# "*" is for all roles without a line of their own.
[role_to_recipients]
"*" = ["1234567890123456789"]
# prod-admin = ["alice@example.com", "1234567890123456780"]

[log]
output = "stderr" # or stdout, journal, or the path of a file
severity = "info" # or debug, warning, error
format = "text" # or json
)";

} // namespace

constinit const ports::service_kind discord_kind{"discord", discord_example, make_discord};

} // namespace hallpass::services::discord
