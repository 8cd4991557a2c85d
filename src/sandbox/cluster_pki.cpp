#include "sandbox/cluster_pki.hpp"

#include "base/text.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace hallpass::sandbox {

namespace {

// Hex keeps a cluster name one label below the wildcard (teleport-wire 6.2).
std::string encoded_cluster(const std::string& name) {
    return to_hex(name) + ".teleport.cluster.local";
}

result<server_certificate> issue_server(const x509_authority& authority, const certificate_request& wanted) {
    auto issued = authority.issue(wanted);
    if (!issued) {
        return issued.error();
    }
    return server_certificate{std::move(issued->certificate_pem), std::move(issued->private_key_pem)};
}

} // namespace

cluster_pki::cluster_pki(
    std::string cluster, std::chrono::seconds lifetime, x509_authority tls, ssh_authority ssh
)
    : cluster_(std::move(cluster)),
      identity_lifetime_(lifetime),
      tls_(std::move(tls)),
      ssh_(std::move(ssh)) {}

result<std::unique_ptr<cluster_pki>>
cluster_pki::make(std::string cluster, std::chrono::seconds identity_lifetime) {
    auto tls = x509_authority::make(cluster);
    if (!tls) {
        return tls.error();
    }
    auto ssh = ssh_authority::make();
    if (!ssh) {
        return ssh.error();
    }
    return std::unique_ptr<cluster_pki>(
        new cluster_pki(std::move(cluster), identity_lifetime, std::move(*tls), std::move(*ssh))
    );
}

result<server_certificate> cluster_pki::auth_certificate() {
    certificate_request wanted;
    wanted.common_name = "auth";
    wanted.organization = cluster_;
    // 63 bytes are the limit of a label; a longer cluster name is covered by the wildcard alone.
    wanted.dns_names = {"teleport.cluster.local", "*.teleport.cluster.local"};
    if (cluster_.size() * 2 <= 63) {
        wanted.dns_names.push_back(encoded_cluster(cluster_));
    }
    wanted.for_server = true;
    wanted.serial = 2;
    return issue_server(tls_, wanted);
}

result<server_certificate> cluster_pki::loopback_certificate() {
    certificate_request wanted;
    wanted.common_name = "localhost";
    wanted.dns_names = {"localhost"};
    wanted.addresses = {"127.0.0.1", "::1"};
    wanted.for_server = true;
    wanted.serial = 3;
    return issue_server(tls_, wanted);
}

result<secret> cluster_pki::make_identity() {
    const std::int64_t serial = ++last_serial_;
    certificate_request wanted;
    wanted.common_name = plugin_user;
    wanted.organization = plugin_user;
    wanted.serial = serial;
    wanted.lifetime = identity_lifetime_;
    const auto tls = tls_.issue(wanted);
    if (!tls) {
        return tls.error();
    }
    ssh_certificate_request ssh_wanted;
    ssh_wanted.public_point = tls->public_point;
    ssh_wanted.user = plugin_user;
    ssh_wanted.serial = static_cast<std::uint64_t>(serial);
    ssh_wanted.lifetime = identity_lifetime_;
    const auto ssh = ssh_.issue(ssh_wanted);
    if (!ssh) {
        return ssh.error();
    }
    std::string text(tls->private_key_pem.reveal());
    text += *ssh + '\n';
    text += tls->certificate_pem;
    text += "@cert-authority " + cluster_ + ",*." + cluster_ + ' ' + ssh_.public_key_line() + '\n';
    text += tls_.certificate_pem();
    return secret(std::move(text));
}

result<secret> cluster_pki::rotate() {
    auto made = make_identity();
    if (made) {
        oldest_accepted_ = last_serial_.load();
    }
    return made;
}

result<void> write_private_file(const std::string& path, std::string_view content) {
    const std::string beside = path + ".new";
    const auto failed = [&](const char* what) {
        return fault(
            fault_kind::permanent, std::string(what) + ' ' + path + ": " + std::strerror(errno) +
                                       "; give the sandbox a directory it can write to"
        );
    };
    const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) {
        return failed("creating");
    }
    while (!content.empty()) {
        const ssize_t written = ::write(file, content.data(), content.size());
        if (written < 0) {
            const fault problem = failed("writing");
            ::close(file);
            return problem;
        }
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    ::close(file);
    if (std::rename(beside.c_str(), path.c_str()) != 0) {
        return failed("renaming");
    }
    return {};
}

} // namespace hallpass::sandbox
