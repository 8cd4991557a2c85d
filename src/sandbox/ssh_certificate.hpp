// The OpenSSH user certificate that an identity file carries beside the TLS one (PROTOCOL.certkeys of
// OpenSSH).
#pragma once

#include "base/result.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace hallpass::sandbox {

struct ssh_certificate_request {
    std::string public_point; // of a P-256 key, uncompressed
    std::string user;
    std::uint64_t serial = 0;
    std::chrono::seconds lifetime = std::chrono::hours(1);
};

// An Ed25519 authority, made anew at every start.
class ssh_authority {
public:
    static result<ssh_authority> make();

    // "ssh-ed25519 AAAA…", without a line end.
    std::string public_key_line() const;

    // "ecdsa-sha2-nistp256-cert-v01@openssh.com AAAA…", without a line end.
    result<std::string> issue(const ssh_certificate_request& wanted) const;

private:
    struct key;

    explicit ssh_authority(std::shared_ptr<const key> own);

    std::shared_ptr<const key> own_;
};

} // namespace hallpass::sandbox
