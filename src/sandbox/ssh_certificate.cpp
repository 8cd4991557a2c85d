#include "sandbox/ssh_certificate.hpp"

#include "base/base64.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <string_view>
#include <utility>

namespace hallpass::sandbox {

namespace {

constexpr std::string_view certificate_type = "ecdsa-sha2-nistp256-cert-v01@openssh.com";
constexpr std::uint32_t user_certificate = 1;

struct key_deleter {
    void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};

struct digest_deleter {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

template <class Number>
void put_number(std::string& out, Number number) {
    for (unsigned shift = sizeof(Number) * 8; shift != 0; shift -= 8) {
        out += static_cast<char>((number >> (shift - 8)) & 0xFFU);
    }
}

void put_string(std::string& out, std::string_view text) {
    put_number(out, static_cast<std::uint32_t>(text.size()));
    out += text;
}

std::uint64_t unix_seconds(std::chrono::seconds from_now) {
    const auto at = std::chrono::system_clock::now() + from_now;
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count()
    );
}

} // namespace

struct ssh_authority::key {
    std::unique_ptr<EVP_PKEY, key_deleter> pair;
    std::string public_blob;
};

ssh_authority::ssh_authority(std::shared_ptr<const key> own) : own_(std::move(own)) {}

result<ssh_authority> ssh_authority::make() {
    auto own = std::make_shared<key>();
    own->pair.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    std::array<unsigned char, 32> raw{};
    std::size_t size = raw.size();
    if (!own->pair || EVP_PKEY_get_raw_public_key(own->pair.get(), raw.data(), &size) != 1) {
        return fault(fault_kind::bug, "making the sandbox's SSH authority: OpenSSL made no Ed25519 key");
    }
    put_string(own->public_blob, "ssh-ed25519");
    put_string(own->public_blob, std::string_view(reinterpret_cast<const char*>(raw.data()), size));
    return ssh_authority(std::move(own));
}

std::string ssh_authority::public_key_line() const {
    return "ssh-ed25519 " + to_base64(own_->public_blob);
}

result<std::string> ssh_authority::issue(const ssh_certificate_request& wanted) const {
    std::array<unsigned char, 32> nonce{};
    if (RAND_bytes(nonce.data(), static_cast<int>(nonce.size())) != 1) {
        return fault(fault_kind::bug, "making an SSH certificate: OpenSSL gave no random bytes");
    }
    std::string principals;
    put_string(principals, wanted.user);

    std::string body;
    put_string(body, certificate_type);
    put_string(body, std::string_view(reinterpret_cast<const char*>(nonce.data()), nonce.size()));
    put_string(body, "nistp256");
    put_string(body, wanted.public_point);
    put_number(body, wanted.serial);
    put_number(body, user_certificate);
    put_string(body, wanted.user);
    put_string(body, principals);
    put_number(body, unix_seconds(std::chrono::seconds(-60)));
    put_number(body, unix_seconds(wanted.lifetime));
    put_string(body, ""); // critical options
    put_string(body, ""); // extensions
    put_string(body, ""); // reserved
    put_string(body, own_->public_blob);

    const std::unique_ptr<EVP_MD_CTX, digest_deleter> signer(EVP_MD_CTX_new());
    std::array<unsigned char, 64> signature{};
    std::size_t size = signature.size();
    const auto* bytes = reinterpret_cast<const unsigned char*>(body.data());
    if (!signer || EVP_DigestSignInit(signer.get(), nullptr, nullptr, nullptr, own_->pair.get()) != 1 ||
        EVP_DigestSign(signer.get(), signature.data(), &size, bytes, body.size()) != 1) {
        return fault(fault_kind::bug, "making an SSH certificate: OpenSSL did not sign it");
    }
    std::string signed_part;
    put_string(signed_part, "ssh-ed25519");
    put_string(signed_part, std::string_view(reinterpret_cast<const char*>(signature.data()), size));
    put_string(body, signed_part);
    return std::string(certificate_type) + ' ' + to_base64(body);
}

} // namespace hallpass::sandbox
