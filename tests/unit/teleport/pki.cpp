#include "unit/teleport/pki.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <stdexcept>

namespace hallpass::test {

namespace {

struct freer {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }

    void operator()(X509* certificate) const { X509_free(certificate); }

    void operator()(BIO* bio) const { BIO_free(bio); }

    void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
};

using key_ptr = std::unique_ptr<EVP_PKEY, freer>;
using certificate_ptr = std::unique_ptr<X509, freer>;
using bio_ptr = std::unique_ptr<BIO, freer>;

void need(bool done) {
    if (!done) {
        throw std::runtime_error("OpenSSL could not make a test certificate");
    }
}

key_ptr make_key() {
    key_ptr key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
    need(key != nullptr);
    return key;
}

std::string text_of(const bio_ptr& bio) {
    std::string text(BIO_ctrl_pending(bio.get()), '\0');
    need(BIO_read(bio.get(), text.data(), static_cast<int>(text.size())) == static_cast<int>(text.size()));
    return text;
}

std::string to_pem(X509* certificate) {
    const bio_ptr bio(BIO_new(BIO_s_mem()));
    need(PEM_write_bio_X509(bio.get(), certificate) == 1);
    return text_of(bio);
}

std::string to_pem(EVP_PKEY* key) {
    const bio_ptr bio(BIO_new(BIO_s_mem()));
    need(PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
    return text_of(bio);
}

void add_entry(X509_NAME* name, const char* field, const std::string& value) {
    need(
        X509_NAME_add_entry_by_txt(
            name, field, MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(value.c_str()), -1, -1, 0
        ) == 1
    );
}

void add_extension(X509* certificate, int nid, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, freer> extension(
        X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str())
    );
    need(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

certificate_ptr
make_certificate(EVP_PKEY* key, const std::string& name, const std::string& organization, long seconds) {
    static std::atomic<long> serial{1};
    certificate_ptr certificate(X509_new());
    need(certificate != nullptr);
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -7200);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), seconds);
    X509_set_pubkey(certificate.get(), key);
    add_entry(X509_get_subject_name(certificate.get()), "CN", name);
    add_entry(X509_get_subject_name(certificate.get()), "O", organization);
    return certificate;
}

} // namespace

struct pki::authority {
    key_ptr key;
    certificate_ptr certificate;

    pair issue(const std::string& name, const char* usage, const std::string& dns_name, long seconds) const {
        const key_ptr own = make_key();
        const certificate_ptr made = make_certificate(own.get(), name, name, seconds);
        need(X509_set_issuer_name(made.get(), X509_get_subject_name(certificate.get())) == 1);
        add_extension(made.get(), NID_ext_key_usage, usage);
        if (!dns_name.empty()) {
            add_extension(made.get(), NID_subject_alt_name, "DNS:" + dns_name);
        }
        need(X509_sign(made.get(), key.get(), EVP_sha256()) > 0);
        return {to_pem(own.get()), to_pem(made.get())};
    }
};

pki::pki(const std::string& cluster) : authority_(std::make_unique<authority>()), cluster_(cluster) {
    authority_->key = make_key();
    authority_->certificate = make_certificate(authority_->key.get(), cluster, cluster, 24 * 3600);
    X509* ca = authority_->certificate.get();
    need(X509_set_issuer_name(ca, X509_get_subject_name(ca)) == 1);
    add_extension(ca, NID_basic_constraints, "critical,CA:TRUE");
    need(X509_sign(ca, authority_->key.get(), EVP_sha256()) > 0);
}

pki::~pki() = default;

pki::pair pki::issue_server(const std::string& dns_name) const {
    return authority_->issue("auth", "serverAuth", dns_name, 3600);
}

pki::pair pki::issue_client(const std::string& user, long seconds) const {
    return authority_->issue(user, "clientAuth", "", seconds);
}

std::string pki::ca_certificate() const {
    return to_pem(authority_->certificate.get());
}

std::string pki::identity_text(const std::string& user, long seconds) const {
    return test::identity_text(issue_client(user, seconds), ca_certificate());
}

std::string identity_text(const pki::pair& own, const std::string& ca_certificate) {
    return own.key + "ecdsa-sha2-nistp256-cert-v01@openssh.com AAAAexample\n" + own.certificate +
           ca_certificate + "@cert-authority example.com,*.example.com ecdsa-sha2-nistp256 AAAAexample\n";
}

} // namespace hallpass::test
