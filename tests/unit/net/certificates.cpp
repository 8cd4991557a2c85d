#include "certificates.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace hallpass::test {

namespace {

struct freed {
    void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }

    void operator()(X509* certificate) const noexcept { X509_free(certificate); }

    void operator()(BIO* memory) const noexcept { BIO_free(memory); }
};

using key_ptr = std::unique_ptr<EVP_PKEY, freed>;
using certificate_ptr = std::unique_ptr<X509, freed>;
using bio_ptr = std::unique_ptr<BIO, freed>;

key_ptr make_key() {
    std::string curve = "P-256";
    key_ptr key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve.data()));
    if (!key) {
        throw std::runtime_error("OpenSSL made no key");
    }
    return key;
}

void add_extension(X509* to, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    if (extension == nullptr) {
        throw std::runtime_error("OpenSSL refuses the extension " + value);
    }
    X509_add_ext(to, extension, -1);
    X509_EXTENSION_free(extension);
}

certificate_ptr make_certificate(EVP_PKEY* key, const std::string& name, int from_days, int to_days) {
    static long serial = 1;
    certificate_ptr made(X509_new());
    X509_set_version(made.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), ++serial);
    X509_time_adj_ex(X509_getm_notBefore(made.get()), from_days, 0, nullptr);
    X509_time_adj_ex(X509_getm_notAfter(made.get()), to_days, 0, nullptr);
    X509_set_pubkey(made.get(), key);
    const std::string text = name;
    X509_NAME_add_entry_by_txt(
        X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()), -1, 0
    );
    return made;
}

std::string text_of(BIO* memory) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory, &data);
    return std::string(data, static_cast<std::size_t>(size));
}

std::string to_pem(X509* certificate) {
    const bio_ptr memory(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(memory.get(), certificate);
    return text_of(memory.get());
}

std::string to_pem(EVP_PKEY* key) {
    const bio_ptr memory(BIO_new(BIO_s_mem()));
    PEM_write_bio_PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    return text_of(memory.get());
}

} // namespace

struct authority::keys {
    key_ptr key = make_key();
    certificate_ptr certificate = make_certificate(key.get(), "authority " + std::to_string(++number), -1, 1);
    static inline int number = 0; // authorities of one name would be taken for each other
};

authority::authority() : keys_(std::make_unique<keys>()) {
    X509* own = keys_->certificate.get();
    X509_set_issuer_name(own, X509_get_subject_name(own));
    add_extension(own, own, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(own, own, NID_key_usage, "critical,keyCertSign,cRLSign");
    X509_sign(own, keys_->key.get(), EVP_sha256());
    certificate_pem_ = to_pem(own);
}

authority::~authority() = default;

net::server_identity
authority::issue(const std::string& subject_names, int valid_from_days, int valid_to_days) {
    const key_ptr key = make_key();
    const certificate_ptr made = make_certificate(key.get(), "test server", valid_from_days, valid_to_days);
    X509_set_issuer_name(made.get(), X509_get_subject_name(keys_->certificate.get()));
    add_extension(made.get(), keys_->certificate.get(), NID_subject_alt_name, subject_names);
    X509_sign(made.get(), keys_->key.get(), EVP_sha256());
    net::server_identity identity;
    identity.certificate_chain_pem = to_pem(made.get());
    identity.private_key_pem = secret(to_pem(key.get()));
    return identity;
}

} // namespace hallpass::test
