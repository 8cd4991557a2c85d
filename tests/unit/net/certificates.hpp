// A certificate authority of the test's own, made with OpenSSL while the test runs.
#pragma once

#include "net/http_server.hpp"

#include <memory>
#include <string>
#include <vector>

namespace hallpass::test {

class authority {
public:
    authority();
    ~authority();
    authority(const authority&) = delete;

    const std::string& certificate_pem() const noexcept { return certificate_pem_; }

    // Names are "DNS:slack.test" or "IP:127.0.0.1". Days may lie in the past.
    net::server_identity
    issue(const std::string& subject_names, int valid_from_days = -1, int valid_to_days = 1);

private:
    struct keys;
    std::unique_ptr<keys> keys_;
    std::string certificate_pem_;
};

} // namespace hallpass::test
