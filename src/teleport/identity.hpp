// Who hallpass is to the cluster: what an identity file, or three separate files, hold.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::teleport {

inline constexpr std::size_t max_identity_bytes = std::size_t{1024} * 1024;

struct identity {
    identity() = default;

    std::string source;                   // the file it came from, for error texts
    secret private_key;                   // PEM
    std::string certificate;              // PEM
    std::vector<std::string> authorities; // PEM, one certificate each: the only ones Auth is trusted by
    std::string ssh_certificate;          // one authorized_keys line, or ""
    std::vector<std::string> ssh_authorities;
    std::string user;
    std::string cluster;
    instant not_after; // of the certificate
};

// Source of the format: teleport-wire 6.1. All of the text is read and checked (the key belongs to the
// certificate, every authority is a certificate) before there is a result. Faults are malformed, and name
// `source` and the mend.
result<identity> parse_identity(std::string_view text, std::string source);

// The same from the contents of client_key, client_crt and root_cas; each with the name of its file.
struct named_text {
    named_text(std::string name, std::string text);

    std::string name;
    std::string text;
};

result<identity>
make_identity(const named_text& key, const named_text& certificate, const named_text& authorities);

// unauthorised where the certificate's time is over.
result<void> check_not_expired(const identity& checked, instant now);

} // namespace hallpass::teleport
