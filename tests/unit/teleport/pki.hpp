// A cluster's certificate authority, made anew for each test.
#pragma once

#include <memory>
#include <string>

namespace hallpass::test {

class pki {
public:
    explicit pki(const std::string& cluster);
    ~pki();

    struct pair {
        std::string key;
        std::string certificate;
    };

    // With the name that every Auth Service has; `seconds` may be negative: expired.
    pair issue_server(const std::string& dns_name = "teleport.cluster.local") const;
    pair issue_client(const std::string& user, long seconds = 3600) const;
    std::string ca_certificate() const;

    // As tbot writes it: key, SSH certificate, certificate, CA, SSH CA.
    std::string identity_text(const std::string& user, long seconds = 3600) const;

private:
    struct authority;

    std::unique_ptr<authority> authority_;
    std::string cluster_;
};

std::string identity_text(const pki::pair& own, const std::string& ca_certificate);

} // namespace hallpass::test
