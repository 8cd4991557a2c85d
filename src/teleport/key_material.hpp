// What OpenSSL knows about the PEM blocks of an identity.
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"

#include <string>
#include <string_view>

namespace hallpass::teleport {

struct certificate_facts {
    std::string common_name;
    std::string organization;
    std::string issuer_organization;
    instant not_after;
};

// Both take exactly one PEM block. The faults are malformed and say only what is wrong, not where.
result<certificate_facts> read_certificate(std::string_view pem);

// Whether the key is one that OpenSSL can use, and the certificate's own. The label of the key's block may
// not tell its encoding (teleport-wire 6.1), so PKCS#8, PKCS#1 and SEC1 are all tried.
result<void> check_key_pair(std::string_view key_pem, std::string_view certificate_pem);

// The key as PKCS#8 PEM, whatever it was; for those who can't guess. Wiped by its taker.
result<std::string> normalised_key(std::string_view key_pem);

} // namespace hallpass::teleport
