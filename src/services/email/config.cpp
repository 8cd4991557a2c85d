#include "services/email/config.hpp"

#include "base/small_file.hpp"
#include "base/text.hpp"
#include "services/api_url.hpp"

#include <boost/asio/ip/host_name.hpp>

#include <array>

namespace hallpass::services::email {

using ports::mail_encryption;
using ports::mail_login;

namespace {

constexpr std::string_view recipients_key = "role_to_recipients";
constexpr std::int64_t submission_port = 587;
constexpr std::int64_t encrypted_port = 465;

std::string quoted(std::string_view text) {
    return '"' + one_line(text, 60) + '"';
}

// In `name`_file, where it may be longer than elsewhere: it may be an access token.
std::optional<secret> read_secret_file(settings& own, const std::string& key, const std::string& path) {
    if (!path.starts_with('/')) {
        own.error(key, "must be an absolute path");
        return std::nullopt;
    }
    auto content = read_small_file(path, password_bytes);
    if (!content) {
        own.error(key, content.error().text());
        return std::nullopt;
    }
    const secret whole(std::move(*content));
    if (trimmed(whole.reveal()).empty()) {
        own.error(key, one_line(path) + " is empty; put the secret into it");
        return std::nullopt;
    }
    return secret(std::string(trimmed(whole.reveal())));
}

struct found_secret {
    bool sound = true; // false where there is an error
    std::optional<secret> value;
};

// `name` or `name`_file, as upstream has both.
found_secret read_secret(settings& own, const std::string& name) {
    const std::string file_key = name + "_file";
    const auto path = own.text(file_key);
    found_secret found;
    if (own.has(name)) {
        found.value = own.secret_text(name);
        found.sound = found.value.has_value();
        if (path) {
            own.error(file_key, "stands beside " + name + "; take one of them out");
            found.sound = false;
        }
    } else if (path) {
        own.accept(name);
        found.value = read_secret_file(own, file_key, *path);
        found.sound = found.value.has_value();
    } else {
        own.accept(name);
    }
    return found;
}

std::string own_name() {
    boost::system::error_code error;
    std::string name = boost::asio::ip::host_name(error);
    return !error && is_host(name) ? name : "localhost";
}

bool is_this_host(std::string_view host) noexcept {
    return host == "localhost" || host == "::1" || host.starts_with("127.");
}

std::optional<mail_encryption> read_encryption(settings& own, std::int64_t port) {
    const bool from_start = own.flag("implicit_tls").value_or(port == encrypted_port);
    const std::string policy = lower_case(own.text("starttls_policy").value_or("mandatory"));
    if (policy != "mandatory" && policy != "opportunistic" && policy != "disabled") {
        own.error(
            "starttls_policy",
            "must be \"mandatory\", \"opportunistic\" or \"disabled\", found " + quoted(policy)
        );
        return std::nullopt;
    }
    if (from_start) {
        return mail_encryption::from_start;
    }
    if (policy == "opportunistic") {
        own.warning(
            "starttls_policy",
            "is opportunistic: whoever sits in between can have letters sent in clear; \"mandatory\" is safe"
        );
        return mail_encryption::starttls_if_offered;
    }
    return policy == "disabled" ? mail_encryption::none : mail_encryption::starttls;
}

std::optional<mail_login> read_way_to_log_in(settings& own) {
    struct way {
        std::string_view name;
        mail_login login;
    };

    constexpr std::array<way, 4> ways{{
        {"plain", mail_login::plain},
        {"login", mail_login::login},
        {"xoauth2", mail_login::xoauth2},
        {"none", mail_login::none},
    }};
    const auto written = own.text("auth");
    if (!written) {
        return mail_login::any_password;
    }
    for (const way& one : ways) {
        if (lower_case(*written) == one.name) {
            return one.login;
        }
    }
    own.error("auth", R"(must be "plain", "login", "xoauth2" or "none", found )" + quoted(*written));
    return std::nullopt;
}

// False where there is an error.
bool read_login(settings& own, smtp_config& into) {
    const auto login = read_way_to_log_in(own);
    const auto password = read_secret(own, "password");
    const std::string username = own.text("username").value_or("");
    if (!login || !password.sound) {
        return false;
    }
    into.server.login = *login;
    into.server.username = username;
    if (username.empty() && !password.value) {
        into.server.login = mail_login::none; // a relay that knows us by our address
        return true;
    }
    if (*login == mail_login::none) {
        return true;
    }
    if (username.empty()) {
        own.error("username", "is missing; set it, or take the password out where the server wants no login");
        return false;
    }
    if (!password.value) {
        own.error(
            "password",
            "is missing; set it, or password_file, or take username out where the server wants no login"
        );
        return false;
    }
    into.server.password = *password.value;
    into.password_file = own.has("password") ? "" : own.text("password_file").value_or("");
    return true;
}

std::optional<smtp_config> read_smtp(settings own) {
    smtp_config made;
    const auto host = own.text("host");
    const std::int64_t port = own.number("port").value_or(submission_port);
    const auto encryption = read_encryption(own, port);
    const bool login_read = read_login(own, made);
    const std::string name = own.text("hello_name").value_or(own_name());
    if (!host) {
        own.error("host", "is missing; set it to the name of the mail server");
        return std::nullopt;
    }
    if (!is_host(*host)) {
        own.error("host", "must be the name of a host, without a port, found " + quoted(*host));
        return std::nullopt;
    }
    if (port < 1 || port > 65535) {
        own.error("port", "must be from 1 to 65535");
        return std::nullopt;
    }
    if (!is_host(name)) {
        own.error("hello_name", "must be the name of a host, found " + quoted(name));
        return std::nullopt;
    }
    if (!encryption || !login_read) {
        return std::nullopt;
    }
    made.server.host = *host;
    made.server.port = static_cast<std::uint16_t>(port);
    made.server.encryption = *encryption;
    made.server.own_name = name;
    if (*encryption == mail_encryption::none && made.server.login != mail_login::none &&
        !is_this_host(*host)) {
        own.warning("starttls_policy", "is disabled: letters and the password travel in clear");
    }
    return made;
}

std::optional<std::string> mailgun_url(settings& own) {
    const std::string region = lower_case(own.text("region").value_or("us"));
    if (region != "us" && region != "eu") {
        own.error("region", "must be \"us\" or \"eu\", found " + quoted(region));
        return std::nullopt;
    }
    return read_api_url(own, region == "eu" ? "https://api.eu.mailgun.net/" : "https://api.mailgun.net/");
}

std::optional<mailgun_config> read_mailgun(settings own) {
    const auto key = read_secret(own, "private_key");
    auto api_url = mailgun_url(own);
    const auto domain = own.text("domain");
    if (!domain || !is_host(*domain)) {
        own.error(
            "domain", domain ? "must be a domain's name, found " + quoted(*domain)
                             : "is missing; set it to the domain that Mailgun sends for"
        );
        return std::nullopt;
    }
    if (key.sound && !key.value) {
        own.error(
            "private_key",
            "is missing; set it to a sending key of the domain, or private_key_file to its path"
        );
    }
    if (!key.value || !key.sound || !api_url) {
        return std::nullopt;
    }
    return mailgun_config{*domain, *key.value, std::move(*api_url)};
}

std::optional<mailbox> read_sender(settings& delivery) {
    const auto written = delivery.text("sender");
    if (!written) {
        delivery.error("sender", "is missing; set it to the address that letters come from");
        return std::nullopt;
    }
    auto sender = parse_mailbox(*written);
    if (!sender) {
        delivery.error(
            "sender",
            R"(must be an address such as "noreply@example.com" or "Access <noreply@example.com>", found )" +
                quoted(*written)
        );
    } else if (needs_utf8(sender->address)) {
        delivery.error("sender", "must be an ASCII address: most mail servers take letters from no other");
        sender.reset();
    }
    return sender;
}

// Upstream's old key. False where there is an error.
bool read_recipients(settings& own, settings& file, settings& delivery, email_config& into) {
    const bool has_table = own.names(recipients_key) || file.names(recipients_key);
    if (!delivery.names("recipients")) {
        if (!has_table) {
            own.error("", "nobody to tell; add [role_to_recipients] with \"*\" = [\"somebody@example.com\"]");
        }
        return has_table;
    }
    auto written = delivery.texts("recipients");
    if (!written) {
        return false;
    }
    if (has_table) {
        delivery.error("recipients", "stands beside [role_to_recipients]; move it there, as \"*\"");
        return false;
    }
    if (written->empty()) {
        delivery.error("recipients", "must name at least one address");
        return false;
    }
    into.recipients = std::move(*written);
    return true;
}

bool is_loopback(std::string_view addr) noexcept {
    return addr.starts_with("http://127.0.0.1") || addr.starts_with("http://localhost");
}

// False where there is an error.
bool read_links(settings& own, const std::string& public_addr, email_config& into) {
    constexpr std::size_t least_key = 32;
    const auto key = own.secret_text("link_secret");
    if (!own.is_table("oidc")) {
        if (own.has("link_secret")) {
            own.warning(
                "link_secret", "not used, because there is no [email.oidc] that says who somebody is"
            );
        }
        return true;
    }
    settings oidc = own.table_or_empty("oidc");
    link_config made;
    made.public_addr = public_addr;
    made.oidc.issuer = oidc.text("issuer").value_or("");
    made.oidc.client_id = oidc.text("client_id").value_or("");
    const auto client_secret = oidc.secret_text("client_secret");
    bool sound = true;
    const auto wrong = [&sound](settings& where, std::string_view name, std::string_view what) {
        where.error(name, what);
        sound = false;
    };
    if (!made.oidc.issuer.starts_with("https://")) {
        wrong(oidc, "issuer", "must be the https URL that your OpenID provider calls itself by");
    }
    if (made.oidc.client_id.empty()) {
        wrong(oidc, "client_id", "is missing; set it to hallpass's client id at the provider");
    }
    if (!client_secret) {
        wrong(oidc, "client_secret", "is missing; set it, or the path of a file with it");
    }
    if (!key || key->reveal().size() < least_key) {
        wrong(
            own, "link_secret",
            "must be at least 32 random characters, the same for every instance, such as \"openssl rand -hex "
            "32\" makes"
        );
    }
    if (!public_addr.starts_with("https://") && !is_loopback(public_addr)) {
        wrong(own, "oidc", "needs http.public_addr, with https: where the links of letters lead");
    }
    if (sound) {
        made.key = *key;
        made.oidc.client_secret = *client_secret;
        into.links = std::move(made);
    }
    return sound;
}

} // namespace

std::optional<email_config> read_config(settings& own, settings& file, const std::string& public_addr) {
    email_config made;
    settings delivery = file.table_or_empty("delivery");
    auto sender = read_sender(delivery);
    const bool recipients_read = read_recipients(own, file, delivery, made);
    made.tell_requester = own.flag("tell_requester").value_or(false);
    const bool links_read = read_links(own, public_addr, made);
    const bool by_smtp = file.is_table("smtp");
    const bool by_mailgun = file.is_table("mailgun");
    if (by_smtp) {
        made.smtp = read_smtp(file.table_or_empty("smtp"));
    }
    if (by_mailgun) {
        made.mailgun = read_mailgun(file.table_or_empty("mailgun"));
    }
    if (!by_smtp && !by_mailgun) {
        own.error("", "nothing to send letters by; add [smtp] or [mailgun]");
        return std::nullopt;
    }
    if (by_smtp && by_mailgun) {
        file.warning("mailgun", "not used, because [smtp] is there too");
    }
    if (!sender || !recipients_read || !links_read || (by_smtp && !made.smtp) ||
        (by_mailgun && !made.mailgun)) {
        return std::nullopt;
    }
    made.sender = std::move(*sender);
    return made;
}

} // namespace hallpass::services::email
