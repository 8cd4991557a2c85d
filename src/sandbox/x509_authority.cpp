#include "sandbox/x509_authority.hpp"

#include "base/text.hpp"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>
#include <utility>

namespace hallpass::sandbox {

namespace {

template <auto Free>
struct freed_by {
    template <class T>
    void operator()(T* pointer) const noexcept {
        Free(pointer);
    }
};

using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using certificate_ptr = std::unique_ptr<X509, freed_by<X509_free>>;
using bio_ptr = std::unique_ptr<BIO, freed_by<BIO_free_all>>;
using extension_ptr = std::unique_ptr<X509_EXTENSION, freed_by<X509_EXTENSION_free>>;

constexpr std::chrono::seconds authority_lifetime = std::chrono::hours(10 * 24);

fault openssl_fault(const char* what) {
    std::array<char, 200> text{};
    ERR_error_string_n(ERR_get_error(), text.data(), text.size());
    return {fault_kind::bug, std::string(what) + ": OpenSSL says " + one_line(text.data())};
}

std::string content(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

std::string to_pem(X509* certificate) {
    const bio_ptr out(BIO_new(BIO_s_mem()));
    return PEM_write_bio_X509(out.get(), certificate) == 1 ? content(out.get()) : std::string();
}

std::string to_pem(EVP_PKEY* key) {
    const bio_ptr out(BIO_new(BIO_s_mem()));
    const int written = PEM_write_bio_PKCS8PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    return written == 1 ? content(out.get()) : std::string();
}

std::string public_point(EVP_PKEY* key) {
    std::array<unsigned char, 133> point{};
    std::size_t size = 0;
    EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size(), &size);
    return std::string(point.begin(), point.begin() + static_cast<std::ptrdiff_t>(size));
}

bool add_name(X509_NAME* name, const char* field, const std::string& value) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(value.data());
    return value.empty() || X509_NAME_add_entry_by_txt(
                                name, field, MBSTRING_UTF8, bytes, static_cast<int>(value.size()), -1, 0
                            ) == 1;
}

bool add_extension(X509* subject, X509* issuer, int id, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, subject, nullptr, nullptr, 0);
    const extension_ptr made(X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str()));
    return made && X509_add_ext(subject, made.get(), -1) == 1;
}

std::string alternative_names(const certificate_request& wanted) {
    std::vector<std::string> names;
    for (const std::string& name : wanted.dns_names) {
        names.push_back("DNS:" + name);
    }
    for (const std::string& address : wanted.addresses) {
        names.push_back("IP:" + address);
    }
    return joined(names, ",");
}

bool set_common_parts(X509* certificate, EVP_PKEY* key, std::int64_t serial, std::chrono::seconds lifetime) {
    // A minute back: clocks of containers and hosts differ.
    return X509_set_version(certificate, X509_VERSION_3) == 1 &&
           ASN1_INTEGER_set_int64(X509_get_serialNumber(certificate), serial) == 1 &&
           X509_gmtime_adj(X509_getm_notBefore(certificate), -60) != nullptr &&
           X509_gmtime_adj(X509_getm_notAfter(certificate), static_cast<long>(lifetime.count())) != nullptr &&
           X509_set_pubkey(certificate, key) == 1;
}

} // namespace

struct x509_authority::key_pair {
    key_ptr key;
    certificate_ptr certificate;
};

x509_authority::x509_authority(std::shared_ptr<const key_pair> pair, std::string certificate_pem)
    : pair_(std::move(pair)), certificate_pem_(std::move(certificate_pem)) {}

result<x509_authority> x509_authority::make(const std::string& cluster) {
    auto pair = std::make_shared<key_pair>();
    pair->key.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
    pair->certificate.reset(X509_new());
    X509* own = pair->certificate.get();
    if (!pair->key || own == nullptr || !set_common_parts(own, pair->key.get(), 1, authority_lifetime)) {
        return openssl_fault("making the sandbox's certificate authority");
    }
    X509_NAME* name = X509_get_subject_name(own);
    const bool named =
        add_name(name, "O", cluster) && add_name(name, "CN", cluster) && X509_set_issuer_name(own, name) == 1;
    const bool extended = add_extension(own, own, NID_basic_constraints, "critical,CA:TRUE") &&
                          add_extension(own, own, NID_key_usage, "critical,keyCertSign,digitalSignature") &&
                          add_extension(own, own, NID_subject_key_identifier, "hash");
    if (!named || !extended || X509_sign(own, pair->key.get(), EVP_sha256()) == 0) {
        return openssl_fault("signing the sandbox's certificate authority");
    }
    std::string pem = to_pem(own);
    return x509_authority(std::move(pair), std::move(pem));
}

result<issued_certificate> x509_authority::issue(const certificate_request& wanted) const {
    const key_ptr key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
    const certificate_ptr made(X509_new());
    if (!key || !made || !set_common_parts(made.get(), key.get(), wanted.serial, wanted.lifetime)) {
        return openssl_fault("making a certificate");
    }
    X509* issuer = pair_->certificate.get();
    X509_NAME* name = X509_get_subject_name(made.get());
    const bool named = add_name(name, "O", wanted.organization) && add_name(name, "CN", wanted.common_name) &&
                       X509_set_issuer_name(made.get(), X509_get_subject_name(issuer)) == 1;
    bool extended = add_extension(made.get(), issuer, NID_basic_constraints, "critical,CA:FALSE") &&
                    add_extension(made.get(), issuer, NID_key_usage, "critical,digitalSignature") &&
                    add_extension(
                        made.get(), issuer, NID_ext_key_usage, wanted.for_server ? "serverAuth" : "clientAuth"
                    ) &&
                    add_extension(made.get(), issuer, NID_authority_key_identifier, "keyid");
    if (const std::string names = alternative_names(wanted); !names.empty()) {
        extended = extended && add_extension(made.get(), issuer, NID_subject_alt_name, names);
    }
    if (!named || !extended || X509_sign(made.get(), pair_->key.get(), EVP_sha256()) == 0) {
        return openssl_fault("signing a certificate");
    }
    issued_certificate issued;
    issued.certificate_pem = to_pem(made.get());
    issued.private_key_pem = secret(to_pem(key.get()));
    issued.public_point = public_point(key.get());
    return issued;
}

std::int64_t serial_of(const std::string& certificate_pem) noexcept {
    const bio_ptr in(BIO_new_mem_buf(certificate_pem.data(), static_cast<int>(certificate_pem.size())));
    const certificate_ptr read(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
    std::int64_t serial = -1;
    if (!read || ASN1_INTEGER_get_int64(&serial, X509_get0_serialNumber(read.get())) != 1) {
        return -1;
    }
    return serial;
}

} // namespace hallpass::sandbox
