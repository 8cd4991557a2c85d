#include "services/pagerduty/signature.hpp"

#include "base/text.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

namespace hallpass::services::pagerduty {

namespace {

constexpr std::string_view header_name = "x-pagerduty-signature";
constexpr std::string_view version = "v1=";
constexpr std::size_t most_signatures = 10;
constexpr std::size_t longest_header = 1024;

// Nothing where it isn't there exactly once: of two, somebody else may have read the other.
std::optional<std::string_view> only_header(const ports::http_headers& headers) {
    std::optional<std::string_view> found;
    for (const auto& [key, value] : headers) {
        if (lower_case(key) != header_name) {
            continue;
        }
        if (found) {
            return std::nullopt;
        }
        found = value;
    }
    return found;
}

std::string sign(const secret& key, std::string_view body) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    const std::string_view bytes = key.reveal();
    const auto* const data = reinterpret_cast<const unsigned char*>(body.data());
    if (HMAC(
            EVP_sha256(), bytes.data(), static_cast<int>(bytes.size()), data, body.size(), digest.data(),
            &length
        ) == nullptr) {
        return "";
    }
    return std::string(version) + to_hex({reinterpret_cast<const char*>(digest.data()), length});
}

} // namespace

std::optional<std::string_view> refuse(const ports::callback_request& request, const secret& key) {
    const auto header = only_header(request.headers);
    if (!header || header->size() > longest_header) {
        return "the signature's header is missing, doubled or too long";
    }
    const std::string wanted = sign(key, request.body);
    if (key.empty() || wanted.empty()) {
        return "there is no secret to verify it with";
    }
    bool good = false;
    std::size_t count = 0;
    for (const std::string& one : split(*header, ',')) {
        if (++count > most_signatures) {
            break;
        }
        const bool same = equal_in_constant_time(wanted, trimmed(one));
        good = good || same;
    }
    return good ? std::nullopt
                : std::optional<std::string_view>("no signature is by pagerduty.webhook_secret");
}

} // namespace hallpass::services::pagerduty
