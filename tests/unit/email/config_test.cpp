#include "config/toml.hpp"
#include "services/email/config.hpp"
#include "services/email/email_kind.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <fstream>

using namespace hallpass;
using ports::mail_encryption;
using ports::mail_login;
using services::email::email_config;

namespace {

using texts = std::vector<std::string>;

struct read_file {
    std::optional<email_config> made;
    texts said;
};

read_file read(const std::string& text) {
    const auto found = std::make_shared<problems>();
    auto table = config::parse_toml("F", text, *found);
    REQUIRE(table);
    settings file("F", std::move(table), found);
    settings own = file.table_or_empty("email");
    read_file all{services::email::read_config(own, file, file.names("addr") ? *file.text("addr") : ""), {}};
    file.accept("role_to_recipients");
    file.warn_of_unknown_keys();
    for (const problem& one : *found) {
        all.said.push_back((one.level == problem_level::error ? "error: " : "warning: ") + one.text);
    }
    return all;
}

const std::string rest =
    "\n[delivery]\nsender = \"noreply@example.com\"\n[role_to_recipients]\n\"*\" = \"a@b.c\"\n";

read_file read_smtp(const std::string& lines) {
    return read("[smtp]\nhost = \"smtp.example.com\"\n" + lines + rest);
}

} // namespace

TEST_CASE("upstream's teleport-email.toml is taken as it is") {
    const auto [made, said] = read(R"([smtp]
host = "smtp.gmail.com"
port = 587
username = "username@gmail.com"
password = "secret"
starttls_policy = "mandatory"
[delivery]
sender = "noreply@example.com"
[role_to_recipients]
"dev" = "dev-manager@example.com"
"*" = ["root@example.com", "admin@example.com"]
)");
    CHECK(said == texts{});
    REQUIRE(made);
    REQUIRE(made->smtp);
    CHECK(made->smtp->server.host == "smtp.gmail.com");
    CHECK(made->smtp->server.port == 587);
    CHECK(made->smtp->server.encryption == mail_encryption::starttls);
    CHECK(made->smtp->server.login == mail_login::any_password);
    CHECK(made->smtp->server.password.reveal() == "secret");
    CHECK(made->sender.address == "noreply@example.com");
    CHECK(made->recipients.empty());

    const auto mailgun = read("[mailgun]\ndomain = \"mg.example.com\"\nprivate_key = \"key\"\n" + rest);
    CHECK(mailgun.said == texts{});
    REQUIRE(mailgun.made);
    REQUIRE(mailgun.made->mailgun);
    CHECK(mailgun.made->mailgun->api_url == "https://api.mailgun.net/");
}

TEST_CASE("TLS comes from the start at port 465, and by STARTTLS elsewhere") {
    CHECK(read_smtp("").made->smtp->server.encryption == mail_encryption::starttls);
    CHECK(read_smtp("port = 465").made->smtp->server.encryption == mail_encryption::from_start);
    CHECK(
        read_smtp("port = 465\nimplicit_tls = false").made->smtp->server.encryption ==
        mail_encryption::starttls
    );
    CHECK(
        read_smtp("port = 2465\nimplicit_tls = true").made->smtp->server.encryption ==
        mail_encryption::from_start
    );
}

TEST_CASE("what isn't safe is said") {
    const auto opportunistic = read_smtp("starttls_policy = \"opportunistic\"");
    CHECK(opportunistic.made->smtp->server.encryption == mail_encryption::starttls_if_offered);
    CHECK(
        opportunistic.said ==
        texts{"warning: F:3: smtp.starttls_policy: is opportunistic: whoever sits in between "
              "can have letters sent in clear; \"mandatory\" is safe"}
    );
    const auto disabled = read_smtp("starttls_policy = \"disabled\"\nusername = \"u\"\npassword = \"p\"");
    CHECK(disabled.made->smtp->server.encryption == mail_encryption::none);
    CHECK(
        disabled.said ==
        texts{"warning: F:3: smtp.starttls_policy: is disabled: letters and the password travel in clear"}
    );
    CHECK(read_smtp("starttls_policy = \"disabled\"").said == texts{});
}

TEST_CASE("who logs in, and how") {
    CHECK(read_smtp("").made->smtp->server.login == mail_login::none);
    for (const auto& [word, login] : std::vector<std::pair<std::string, mail_login>>{
             {"plain", mail_login::plain},
             {"LOGIN", mail_login::login},
             {"xoauth2", mail_login::xoauth2},
             {"none", mail_login::none}}) {
        CAPTURE(word);
        const auto [made, said] = read_smtp("username = \"u\"\npassword = \"p\"\nauth = \"" + word + "\"");
        CHECK(said == texts{});
        CHECK(made->smtp->server.login == login);
    }
}

TEST_CASE("a password can be in a file, which is remembered to be read again") {
    const test::temp_dir folder;
    const std::string path = folder.file("token");
    std::ofstream(path) << "  " << std::string(5000, 't') << "\n";
    const auto [made, said] = read_smtp("username = \"u\"\npassword_file = \"" + path + "\"");
    CHECK(said == texts{});
    REQUIRE(made);
    CHECK(made->smtp->server.password.reveal() == std::string(5000, 't'));
    CHECK(made->smtp->password_file == path);
    const auto key = read("[mailgun]\ndomain = \"d.example\"\nprivate_key_file = \"" + path + "\"\n" + rest);
    CHECK(key.made->mailgun->key.reveal() == std::string(5000, 't'));
}

TEST_CASE("each mistake is told with file, line, key and the mend") {
    const auto error_of = [](const std::string& lines) {
        const auto [made, said] = read_smtp(lines);
        CHECK_FALSE(made);
        return said.empty() ? std::string() : said.front();
    };
    CHECK(
        error_of("starttls_policy = \"sometimes\"") ==
        "error: F:3: smtp.starttls_policy: must be \"mandatory\", \"opportunistic\" or \"disabled\", found "
        "\"sometimes\""
    );
    CHECK(error_of("port = 70000") == "error: F:3: smtp.port: must be from 1 to 65535");
    CHECK(
        error_of("username = \"u\"") == "error: F:1: smtp.password: is missing; set it, or password_file, or "
                                        "take username out where the server "
                                        "wants no login"
    );
    CHECK(
        error_of("password = \"p\"") == "error: F:1: smtp.username: is missing; set it, or take the password "
                                        "out where the server wants no login"
    );
    CHECK(
        error_of("password = \"p\"\npassword_file = \"/p\"\nusername = \"u\"") ==
        "error: F:4: smtp.password_file: stands beside password; take one of them out"
    );
    CHECK(
        error_of("username = \"u\"\npassword_file = \"p\"") ==
        "error: F:4: smtp.password_file: must be an absolute path"
    );
    CHECK(
        error_of("username = \"u\"\npassword_file = \"/no/such\"") ==
        "error: F:4: smtp.password_file: can't read /no/such: No such file or directory; check the path"
    );
    CHECK(
        error_of("auth = \"ntlm\"") ==
        R"(error: F:3: smtp.auth: must be "plain", "login", "xoauth2" or "none", found "ntlm")"
    );
    CHECK(
        read("[smtp]\nhost = \"smtp.example.com:25\"" + rest).said ==
        texts{"error: F:2: smtp.host: must be the name of a host, without a port, found "
              "\"smtp.example.com:25\""}
    );
    CHECK(
        read("[smtp]\nhots = \"x\"" + rest).said ==
        texts{
            "error: F:1: smtp.host: is missing; set it to the name of the mail server",
            "warning: F:2: smtp.hots: unknown key, ignored; did you mean \"host\"?"}
    );
    CHECK(
        read("[mailgun]\n" + rest).said.front() ==
        "error: F:1: mailgun.domain: is missing; set it to the domain that Mailgun sends for"
    );
    CHECK(
        read("[mailgun]\ndomain = \"d.example\"\n" + rest).said ==
        texts{"error: F:1: mailgun.private_key: is missing; set it to a sending key of the domain, or "
              "private_key_file to its path"}
    );
    CHECK(
        read("[mailgun]\ndomain = \"d.example\"\nprivate_key = \"k\"\nregion = \"mars\"\n" + rest).said ==
        texts{R"(error: F:4: mailgun.region: must be "us" or "eu", found "mars")"}
    );
    CHECK(
        read("[smtp]\nhost = \"h.example\"\n[role_to_recipients]\n\"*\" = \"a@b.c\"").said ==
        texts{"error: F: delivery.sender: is missing; set it to the address that letters come from"}
    );
    CHECK(
        read("[smtp]\nhost = \"h.example\"\n[delivery]\nsender = \"me\"\n[role_to_recipients]\n\"*\" = "
             "\"a@b.c\"")
            .said ==
        texts{"error: F:4: delivery.sender: must be an address such as \"noreply@example.com\" or \"Access "
              "<noreply@example.com>\", found \"me\""}
    );
    CHECK(
        read("[smtp]\nhost = \"h.example\"\n[delivery]\nsender = \"ž@b.c\"\n[role_to_recipients]\n\"*\" = "
             "\"a@b.c\"")
            .said == texts{"error: F:4: delivery.sender: must be an ASCII address: most mail servers take "
                           "letters from no other"}
    );
    CHECK(read(rest).said == texts{"error: F: email: nothing to send letters by; add [smtp] or [mailgun]"});
}

TEST_CASE("domains of the EU have an API of their own") {
    const std::string mailgun = "[mailgun]\ndomain = \"d.example\"\nprivate_key = \"k\"\n";
    CHECK(read(mailgun + "region = \"eu\"" + rest).made->mailgun->api_url == "https://api.eu.mailgun.net/");
    CHECK(
        read(mailgun + "api_url = \"http://127.0.0.1:1\"" + rest).made->mailgun->api_url ==
        "http://127.0.0.1:1/"
    );
}

TEST_CASE("with both, SMTP is used, as with upstream, and both are checked") {
    const auto [made, said] =
        read("[smtp]\nhost = \"h.example\"\n[mailgun]\ndomain = \"d.example\"\nprivate_key = \"k\"\n" + rest);
    CHECK(made->smtp);
    CHECK(said == texts{"warning: F:3: mailgun: not used, because [smtp] is there too"});
}

TEST_CASE("upstream's old list of recipients stands alone") {
    const std::string smtp = "[smtp]\nhost = \"h.example\"\n[delivery]\nsender = \"a@b.c\"\n";
    const auto [made, said] = read(smtp + "recipients = [\"one@b.c\", \"two@b.c\"]");
    CHECK(said == texts{});
    CHECK(made->recipients == texts{"one@b.c", "two@b.c"});
    CHECK(
        read(smtp + "recipients = [\"one@b.c\"]\n[role_to_recipients]\n\"*\" = \"a@b.c\"").said ==
        texts{"error: F:5: delivery.recipients: stands beside [role_to_recipients]; move it there, as \"*\""}
    );
    CHECK(
        read(smtp).said == texts{"error: F: email: nobody to tell; add [role_to_recipients] with \"*\" = "
                                 "[\"somebody@example.com\"]"}
    );
}

TEST_CASE("letters lead to decisions with a provider, a key and an address of ours") {
    const std::string smtp = "addr = \"https://hallpass.example.com\"\n[smtp]\nhost = \"h.example\"\n";
    const std::string key = "[email]\nlink_secret = \"0123456789abcdef0123456789abcdef\"\n";
    const std::string oidc = "[email.oidc]\nissuer = \"https://login.example.com\"\nclient_id = \"c\"\n"
                             "client_secret = \"s\"\n";
    const auto [made, said] = read(smtp + key + oidc + rest);
    CHECK(said == texts{});
    REQUIRE(made);
    REQUIRE(made->links);
    CHECK(made->links->oidc.issuer == "https://login.example.com");
    CHECK(made->links->public_addr == "https://hallpass.example.com");
    CHECK_FALSE(read(smtp + rest).made->links);
    CHECK(
        read(smtp + key + rest).said ==
        texts{"warning: F:5: email.link_secret: not used, because there is no "
              "[email.oidc] that says who somebody is"}
    );
    CHECK(
        read("[smtp]\nhost = \"h.example\"\n[email]\nlink_secret = \"short\"\n[email.oidc]\n" + rest).said ==
        texts{
            "error: F:5: email.oidc.issuer: must be the https URL that your OpenID provider calls itself by",
            "error: F:5: email.oidc.client_id: is missing; set it to hallpass's client id at the provider",
            "error: F:5: email.oidc.client_secret: is missing; set it, or the path of a file with it",
            "error: F:4: email.link_secret: must be at least 32 random characters, the same for every "
            "instance, such "
            "as \"openssl rand -hex 32\" makes",
            "error: F:5: email.oidc: needs http.public_addr, with https: where the links of letters lead"}
    );
}

TEST_CASE("the example that is printed is understood, but for the secret that isn't there") {
    texts errors;
    for (const std::string& one : read(std::string(services::email::email_kind.example)).said) {
        if (one.starts_with("error")) {
            errors.push_back(one);
        }
    }
    REQUIRE(errors.size() == 1);
    CHECK(
        errors.front().find("smtp.password_file: can't read /etc/hallpass/smtp-password") != std::string::npos
    );
}
