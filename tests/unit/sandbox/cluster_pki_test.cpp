#include "base/text.hpp"
#include "sandbox/cluster_pki.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::sandbox;
using namespace std::chrono_literals;

namespace {

std::vector<std::string> marks_of(const std::string& identity) {
    std::vector<std::string> marks;
    for (const std::string& line : split(identity, '\n')) {
        if (line.starts_with("-----BEGIN") || line.starts_with("@cert-authority") ||
            line.starts_with("ecdsa-")) {
            marks.push_back(line.substr(0, line.find(line.starts_with('-') ? '\n' : ' ')));
        }
    }
    return marks;
}

std::string certificate_in(const std::string& identity) {
    return identity.substr(identity.find("-----BEGIN CERTIFICATE"));
}

} // namespace

TEST_CASE("an identity file has its parts in the order that tbot writes them") {
    const auto pki = cluster_pki::make("sandbox.example.com", 1h).value();
    const std::string text(pki->make_identity().value().reveal());
    const std::vector<std::string> expected{
        "-----BEGIN PRIVATE KEY-----", "ecdsa-sha2-nistp256-cert-v01@openssh.com",
        "-----BEGIN CERTIFICATE-----", "@cert-authority", "-----BEGIN CERTIFICATE-----"};
    CHECK(marks_of(text) == expected);
    CHECK(text.ends_with(pki->authority_pem()));
    CHECK(
        text.find("@cert-authority sandbox.example.com,*.sandbox.example.com ssh-ed25519 AAAA") !=
        std::string::npos
    );
}

TEST_CASE("a rotated identity is new, and the old one is refused from then on") {
    const auto pki = cluster_pki::make("sandbox.example.com", 1h).value();
    const std::string before(pki->make_identity().value().reveal());
    const std::int64_t old_serial = serial_of(certificate_in(before));
    CHECK(pki->is_current(old_serial));
    const std::string after(pki->rotate().value().reveal());
    CHECK(before != after);
    CHECK_FALSE(pki->is_current(old_serial));
    CHECK(pki->is_current(serial_of(certificate_in(after))));
}

TEST_CASE("what is no certificate has no serial number") {
    CHECK(serial_of("") == -1);
    CHECK(serial_of("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n") == -1);
}
