#include "teleport/key_material.hpp"

#include "base/text.hpp"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <chrono>
#include <ctime>
#include <memory>
#include <utility>

namespace hallpass::teleport {

namespace {

struct bio_free {
    void operator()(BIO* bio) const noexcept { BIO_free(bio); }
};

struct x509_free {
    void operator()(X509* certificate) const noexcept { X509_free(certificate); }
};

struct key_free {
    void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};

using bio_ptr = std::unique_ptr<BIO, bio_free>;
using x509_ptr = std::unique_ptr<X509, x509_free>;
using key_ptr = std::unique_ptr<EVP_PKEY, key_free>;

bio_ptr reader(std::string_view text) {
    return bio_ptr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

fault malformed(std::string text) {
    ERR_clear_error();
    return fault(fault_kind::malformed, std::move(text));
}

result<x509_ptr> parse_certificate(std::string_view pem) {
    const bio_ptr bio = reader(pem);
    x509_ptr certificate(bio ? PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr) : nullptr);
    if (!certificate) {
        return malformed("is not a certificate that can be read");
    }
    return certificate;
}

result<key_ptr> parse_key(std::string_view pem) {
    char* label = nullptr;
    char* header = nullptr;
    unsigned char* der = nullptr;
    long length = 0;
    const bio_ptr bio = reader(pem);
    if (!bio || PEM_read_bio(bio.get(), &label, &header, &der, &length) != 1) {
        return malformed("is not a private key that can be read");
    }
    const std::string kind = label;
    const unsigned char* at = der;
    key_ptr key(d2i_AutoPrivateKey(nullptr, &at, length));
    OPENSSL_free(label);
    OPENSSL_free(header);
    OPENSSL_clear_free(der, static_cast<std::size_t>(length));
    if (key) {
        return key;
    }
    if (kind.find("ENCRYPTED") != std::string::npos || kind.find("OPENSSH") != std::string::npos) {
        return malformed("is of the kind " + one_line(kind) + ", which is not supported");
    }
    return malformed("is not a private key that can be read (" + one_line(kind) + ")");
}

std::string first_entry(const X509_NAME* name, int nid) {
    const int index = X509_NAME_get_index_by_NID(name, nid, -1);
    if (index < 0) {
        return {};
    }
    unsigned char* utf8 = nullptr;
    const int length = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, index)));
    if (length < 0) {
        return {};
    }
    std::string text(reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(length));
    OPENSSL_free(utf8);
    return valid_utf8(text);
}

} // namespace

result<certificate_facts> read_certificate(std::string_view pem) {
    const result<x509_ptr> parsed = parse_certificate(pem);
    if (!parsed) {
        return parsed.error();
    }
    X509* certificate = parsed->get();
    std::tm end{};
    if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) != 1) {
        return malformed("has no readable end of validity");
    }
    certificate_facts facts;
    facts.common_name = first_entry(X509_get_subject_name(certificate), NID_commonName);
    facts.organization = first_entry(X509_get_subject_name(certificate), NID_organizationName);
    facts.issuer_organization = first_entry(X509_get_issuer_name(certificate), NID_organizationName);
    facts.not_after = instant{std::chrono::seconds{timegm(&end)}};
    return facts;
}

result<void> check_key_pair(std::string_view key_pem, std::string_view certificate_pem) {
    const result<key_ptr> key = parse_key(key_pem);
    if (!key) {
        return key.error();
    }
    const result<x509_ptr> certificate = parse_certificate(certificate_pem);
    if (!certificate) {
        return certificate.error();
    }
    if (X509_check_private_key(certificate->get(), key->get()) != 1) {
        return malformed("does not belong to the certificate");
    }
    return {};
}

result<std::string> normalised_key(std::string_view key_pem) {
    const result<key_ptr> key = parse_key(key_pem);
    if (!key) {
        return key.error();
    }
    const bio_ptr out(BIO_new(BIO_s_secmem()));
    if (!out ||
        PEM_write_bio_PKCS8PrivateKey(out.get(), key->get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
        return malformed("can't be written as PKCS#8");
    }
    char* data = nullptr;
    const long length = BIO_get_mem_data(out.get(), &data);
    return std::string(data, static_cast<std::size_t>(length));
}

} // namespace hallpass::teleport
