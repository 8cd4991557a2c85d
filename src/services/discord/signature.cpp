#include "services/discord/signature.hpp"

#include "base/text.hpp"
#include "services/signed_call.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <chrono>
#include <memory>

namespace hallpass::services::discord {

namespace {

constexpr std::int64_t window = 300; // seconds, to both sides
constexpr std::string_view timestamp_header = "x-signature-timestamp";
constexpr std::string_view signature_header = "x-signature-ed25519";
constexpr std::size_t signature_bytes = 64;

std::optional<unsigned> digit_of(char c) noexcept {
    if (c >= '0' && c <= '9') {
        return static_cast<unsigned>(c - '0');
    }
    const char lower = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    return lower >= 'a' && lower <= 'f' ? std::optional(static_cast<unsigned>(lower - 'a') + 10U)
                                        : std::nullopt;
}

// OpenSSL takes texts as bytes.
const unsigned char* bytes_of(std::string_view text) noexcept {
    return reinterpret_cast<const unsigned char*>(text.data());
}

} // namespace

std::optional<std::string> read_hex(std::string_view text, std::size_t bytes) {
    if (text.size() != 2 * bytes) {
        return std::nullopt;
    }
    std::string read;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const auto high = digit_of(text[i]);
        const auto low = digit_of(text[i + 1]);
        if (!high || !low) {
            return std::nullopt;
        }
        read += static_cast<char>(static_cast<unsigned char>(*high * 16 + *low));
    }
    return read;
}

signature_check::signature_check(std::string public_key, instant made, std::size_t capacity)
    : key_(std::move(public_key)),
      not_before_(std::chrono::ceil<std::chrono::seconds>(made.time_since_epoch()).count()),
      capacity_(capacity) {}

std::optional<std::string_view> signature_check::refuse(const ports::callback_request& request, instant now) {
    const auto timestamp = only_header(request.headers, timestamp_header);
    const auto written = only_header(request.headers, signature_header);
    if (!timestamp || !written) {
        return "the signature's headers are missing or doubled";
    }
    const auto at = parse_timestamp(*timestamp);
    auto signature = read_hex(*written, signature_bytes);
    if (!at || !signature) {
        return "the signature's headers are malformed";
    }
    const std::int64_t seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
    if (*at > seconds + window || *at < seconds - window) {
        return "the timestamp is not of now; is the machine's clock right?";
    }
    forget_old(seconds);
    if (!is_signed(*timestamp, request.body, *signature)) {
        return "the signature is not by discord.public_key";
    }
    if (*at < not_before_) {
        return "the timestamp is before the start of hallpass";
    }
    if (seen_.size() >= capacity_) {
        return "too many callbacks at once";
    }
    // Its bytes: the same in other letters is the same.
    if (!seen_.emplace(*at, *std::move(signature)).second) {
        return "the same callback came before";
    }
    return std::nullopt;
}

void signature_check::forget_old(std::int64_t now) {
    while (!seen_.empty() && seen_.begin()->first < now - window) {
        // Should the clock go back, what is forgotten stays refused.
        not_before_ = std::max(not_before_, seen_.begin()->first + 1);
        seen_.erase(seen_.begin());
    }
}

bool signature_check::is_signed(std::string_view timestamp, std::string_view body, std::string_view signature)
    const {
    using key_ptr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
    using context_ptr = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
    const key_ptr key(
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(key_), key_.size()), EVP_PKEY_free
    );
    const context_ptr context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    if (!key || !context || EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1) {
        return false;
    }
    const std::string message = std::string(timestamp).append(body);
    return EVP_DigestVerify(
               context.get(), bytes_of(signature), signature.size(), bytes_of(message), message.size()
           ) == 1;
}

} // namespace hallpass::services::discord
