// The sandbox's keys and certificates, and the identity file of the plugin as tbot writes it
// (teleport-wire 6.1).
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "sandbox/ssh_certificate.hpp"
#include "sandbox/x509_authority.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace hallpass::sandbox {

struct server_certificate {
    std::string certificate_pem;
    secret private_key_pem;
};

// Thread-safe.
class cluster_pki {
public:
    static constexpr const char* plugin_user = "access-plugin";

    static result<std::unique_ptr<cluster_pki>>
    make(std::string cluster, std::chrono::seconds identity_lifetime);

    // Signs both the Auth Service's certificates and the simulated third parties'.
    const std::string& authority_pem() const noexcept { return tls_.certificate_pem(); }

    // Names: teleport.cluster.local, the encoded cluster and the wildcard above it.
    result<server_certificate> auth_certificate();
    // Names: localhost, 127.0.0.1 and ::1.
    result<server_certificate> loopback_certificate();

    // The text of an identity file with a new key.
    result<secret> make_identity();
    // A new identity file; certificates from before it are refused in new handshakes.
    result<secret> rotate();

    // False for a client certificate that was rotated away.
    bool is_current(std::int64_t serial) const noexcept { return serial >= oldest_accepted_; }

private:
    cluster_pki(std::string cluster, std::chrono::seconds lifetime, x509_authority tls, ssh_authority ssh);

    std::string cluster_;
    std::chrono::seconds identity_lifetime_;
    x509_authority tls_;
    ssh_authority ssh_;
    std::atomic<std::int64_t> last_serial_ = 10;
    std::atomic<std::int64_t> oldest_accepted_ = 10;
};

// Replaces the file as a whole, readable by its owner only.
result<void> write_private_file(const std::string& path, std::string_view content);

} // namespace hallpass::sandbox
