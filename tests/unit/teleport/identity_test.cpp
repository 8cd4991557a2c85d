#include "teleport/identity.hpp"
#include "unit/teleport/pki.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::teleport;

namespace {

std::string error_of(const std::string& text) {
    const result<identity> parsed = parse_identity(text, "F");
    return parsed ? "" : parsed.error().text();
}

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("an identity file is read with everything in it") {
    const test::pki cluster("main.example.com");
    const result<identity> parsed = parse_identity(cluster.identity_text("access-plugin"), "F");
    REQUIRE(parsed.has_value());
    CHECK(parsed->user == "access-plugin");
    CHECK(parsed->cluster == "main.example.com");
    CHECK(parsed->authorities.size() == 1);
    CHECK(parsed->ssh_certificate.starts_with("ecdsa-sha2-nistp256-cert-v01@openssh.com"));
    CHECK(parsed->ssh_authorities.size() == 1);
    CHECK(parsed->private_key.reveal().starts_with("-----BEGIN PRIVATE KEY-----"));
}

TEST_CASE("Windows line ends, indentation and comments in an identity file do no harm") {
    const test::pki cluster("main");
    std::string text = "# written by hand\n";
    for (const char c : cluster.identity_text("u")) {
        text += c == '\n' ? std::string("  \r\n\t") : std::string(1, c);
    }
    const result<identity> parsed = parse_identity(text, "F");
    CHECK(parsed.has_value());
}

TEST_CASE("an identity file cut anywhere is refused with a text that names it, or is whole") {
    const test::pki cluster("main");
    const std::string text = cluster.identity_text("u");
    const std::size_t ca_end = text.rfind("-----END CERTIFICATE-----") + 25;
    for (std::size_t size = 0; size < ca_end; size += 7) {
        CAPTURE(size);
        const std::string error = error_of(text.substr(0, size));
        CHECK(error.starts_with("identity file F: "));
        CHECK(contains(error, "tctl auth sign"));
    }
    CHECK(error_of(text.substr(0, ca_end)).empty());
}

TEST_CASE("what is missing from an identity file is named") {
    const test::pki cluster("main");
    const auto own = cluster.issue_client("u");
    CHECK(contains(error_of(""), "does not begin with a private key"));
    CHECK(contains(error_of(own.certificate + own.key), "does not begin with a private key"));
    CHECK(contains(error_of(own.key), "has no TLS certificate"));
    CHECK(contains(error_of(own.key + own.certificate), "has no CA certificate"));
    CHECK(contains(error_of(own.key + "-----BEGIN CERTIFICATE-----\nMIIB\n"), "is cut short"));
    CHECK(contains(error_of(std::string(max_identity_bytes + 1, 'x')), "longer than 1 MiB"));
}

TEST_CASE("a key of another certificate is refused") {
    const test::pki cluster("main");
    test::pki::pair mixed = cluster.issue_client("u");
    mixed.key = cluster.issue_client("v").key;
    CHECK(contains(
        error_of(test::identity_text(mixed, cluster.ca_certificate())),
        "the private key does not belong to the certificate"
    ));
}

TEST_CASE("blocks that hold no key or certificate are refused") {
    const test::pki cluster("main");
    const auto own = cluster.issue_client("u");
    const std::string junk = "-----BEGIN CERTIFICATE-----\nbm90aGluZw==\n-----END CERTIFICATE-----\n";
    const std::string junk_key = "-----BEGIN PRIVATE KEY-----\nbm90aGluZw==\n-----END PRIVATE KEY-----\n";
    const std::string open_ssh =
        "-----BEGIN OPENSSH PRIVATE KEY-----\nbm90aGluZw==\n-----END OPENSSH PRIVATE KEY-----\n";
    CHECK(contains(error_of(own.key + junk + junk), "certificate that can be read"));
    CHECK(contains(error_of(own.key + own.certificate + junk), "a CA certificate is not a certificate"));
    CHECK(contains(error_of(junk_key + own.certificate + junk), "is not a private key that can be read"));
    CHECK(contains(error_of(open_ssh + own.certificate + junk), "which is not supported"));
}

TEST_CASE("no error text shows any of the private key") {
    const test::pki cluster("main");
    const std::string key = cluster.issue_client("u").key;
    const std::string body = key.substr(key.find('\n') + 1, 20);
    CHECK_FALSE(contains(error_of(key), body));
    CHECK_FALSE(contains(error_of(key.substr(0, 100)), body));
}

TEST_CASE("key, certificate and CAs may stand in three files") {
    const test::pki cluster("main");
    const auto own = cluster.issue_client("u");
    const named_text key("k.pem", own.key);
    const named_text certificate("c.pem", own.certificate);
    const named_text authorities("ca.pem", cluster.ca_certificate() + cluster.ca_certificate());
    const result<identity> made = make_identity(key, certificate, authorities);
    REQUIRE(made.has_value());
    CHECK(made->user == "u");
    CHECK(made->authorities.size() == 2);
    const result<identity> swapped = make_identity(certificate, key, authorities);
    REQUIRE_FALSE(swapped.has_value());
    CHECK(contains(swapped.error().text(), "identity file c.pem: holds no private key"));
}

TEST_CASE("an expired certificate is refused, naming the file and the mend") {
    const test::pki cluster("main");
    const result<identity> parsed = parse_identity(cluster.identity_text("u", 60), "/etc/id");
    REQUIRE(parsed.has_value());
    using namespace std::chrono_literals;
    CHECK(check_not_expired(*parsed, parsed->not_after - 1ms).has_value());
    const result<void> late = check_not_expired(*parsed, parsed->not_after);
    REQUIRE_FALSE(late.has_value());
    CHECK(late.error().kind() == fault_kind::unauthorised);
    CHECK(contains(late.error().text(), "identity file /etc/id: the certificate expired at "));
    CHECK(contains(late.error().text(), "; renew it"));
}
