// A certificate authority of the sandbox's own: P-256 keys, made anew at every start.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace hallpass::sandbox {

struct certificate_request {
    std::string common_name;
    std::string organization;           // "" for none
    std::vector<std::string> dns_names; // of a server
    std::vector<std::string> addresses; // of a server: "127.0.0.1"
    bool for_server = false;            // else for a client
    std::int64_t serial = 0;
    std::chrono::seconds lifetime = std::chrono::hours(24);
};

struct issued_certificate {
    std::string certificate_pem;
    secret private_key_pem; // PKCS#8
    // The uncompressed point (65 bytes), as SSH wants it.
    std::string public_point;
};

// Immutable once made, so any thread may issue.
class x509_authority {
public:
    // The authority's subject carries the cluster's name as organization, as Teleport's does
    // (teleport-wire 6.2).
    static result<x509_authority> make(const std::string& cluster);

    const std::string& certificate_pem() const noexcept { return certificate_pem_; }

    result<issued_certificate> issue(const certificate_request& wanted) const;

private:
    struct key_pair;

    explicit x509_authority(std::shared_ptr<const key_pair> pair, std::string certificate_pem);

    std::shared_ptr<const key_pair> pair_;
    std::string certificate_pem_;
};

// The serial number of a PEM certificate; -1 where it is none or does not fit.
std::int64_t serial_of(const std::string& certificate_pem) noexcept;

} // namespace hallpass::sandbox
