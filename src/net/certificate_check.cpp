#include "net/certificate_check.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <memory>
#include <string_view>

namespace hallpass::net {

namespace {

struct freed {
    void operator()(BIO* bio) const noexcept { BIO_free(bio); }

    void operator()(X509* certificate) const noexcept { X509_free(certificate); }

    void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};

using bio_ptr = std::unique_ptr<BIO, freed>;

bio_ptr reader_of(std::string_view pem) {
    return bio_ptr(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

// Without it OpenSSL would ask at the terminal.
int no_passphrase(char*, int, int, void*) {
    return -1;
}

instant time_of(const ASN1_TIME* written) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(written, &parts) != 1) {
        return {};
    }
    return std::chrono::time_point_cast<instant::duration>(
        std::chrono::system_clock::from_time_t(::timegm(&parts))
    );
}

bool is_for(X509* certificate, const std::string& host) {
    return X509_check_host(certificate, host.data(), host.size(), 0, nullptr) == 1 ||
           X509_check_ip_asc(certificate, host.c_str(), 0) == 1;
}

} // namespace

certificate_state inspect(const server_identity& identity, const std::string& host, instant now) {
    certificate_state state;
    const auto add = [&](bool is_so, certificate_problem what) {
        if (is_so) {
            state.problems.push_back(what);
        }
    };
    const bio_ptr chain = reader_of(identity.certificate_chain_pem);
    const std::unique_ptr<X509, freed> own(PEM_read_bio_X509(chain.get(), nullptr, no_passphrase, nullptr));
    const bio_ptr key_text = reader_of(identity.private_key_pem.reveal());
    const std::unique_ptr<EVP_PKEY, freed> key(
        PEM_read_bio_PrivateKey(key_text.get(), nullptr, no_passphrase, nullptr)
    );
    add(!key, certificate_problem::no_key);
    if (own) {
        state.valid_from = time_of(X509_get0_notBefore(own.get()));
        state.valid_until = time_of(X509_get0_notAfter(own.get()));
        const bool ended = state.valid_until <= now;
        add(key && X509_check_private_key(own.get(), key.get()) != 1, certificate_problem::not_together);
        add(state.valid_from > now, certificate_problem::not_yet_valid);
        add(ended, certificate_problem::ended);
        add(!ended && state.valid_until <= now + soon, certificate_problem::ends_soon);
        add(!host.empty() && !is_for(own.get(), host), certificate_problem::other_host);
    } else {
        add(true, certificate_problem::no_certificate);
    }
    ERR_clear_error();
    return state;
}

} // namespace hallpass::net
