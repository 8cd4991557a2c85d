#include "services/email/client.hpp"
#include "services/email/email_kind.hpp"

#include <array>

namespace hallpass::services::email {

namespace {

std::unique_ptr<ports::service> make_email(settings& own, ports::service_environment environment) {
    auto config = read_config(own, *environment.file, environment.public_addr);
    if (!config) {
        return nullptr;
    }
    auto office = config->smtp ? make_smtp_office(std::move(*config->smtp), *environment.mail)
                               : make_mailgun_office(std::move(*config->mailgun), environment.http);
    return std::make_unique<email_service>(std::move(*config), std::move(office), environment);
}

constexpr std::array<std::string_view, 3> sections{"smtp", "mailgun", "delivery"};

constexpr std::string_view email_example = R"(# hallpass for mail. Check it with: hallpass check -c FILE

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

[smtp]
host = "smtp.example.com"
# 587 and STARTTLS; 465 is TLS from the start.
port = 587
# Without username and password nobody logs in, as relays have it that know their hosts.
username = "noreply@example.com"
# The password, or password_file with its path. With auth = "xoauth2", the path of a file in which somebody renews
# an access token.
password_file = "/etc/hallpass/smtp-password"
# auth = "plain" # or login, xoauth2, none; the server's best one where it isn't said
starttls_policy = "mandatory" # or opportunistic, disabled: neither is safe

# Instead of [smtp]:
# [mailgun]
# domain = "mg.example.com"
# private_key_file = "/etc/hallpass/mailgun-key" # a sending key of the domain is enough
# region = "us" # or eu

[delivery]
sender = "Access Requests <noreply@example.com>"

# Who is told of a request for a role. "*" is for all roles without a line of their own. Suggested reviewers are told
# too, where their Teleport user name is an address.
[role_to_recipients]
"*" = ["security@example.com"]
# prod-admin = ["alice@example.com", "bob@example.com"]

# [email]
# tell_requester = true # letters to who asked, too, where their Teleport user name is an address

[log]
output = "stderr" # or stdout, journal, or the path of a file
severity = "info" # or debug, warning, error
format = "text" # or json
)";

} // namespace

// Its own recipients: upstream's old [delivery] has a list.
constinit const ports::service_kind email_kind{"email", email_example, make_email, true, {}, sections, true};

} // namespace hallpass::services::email
