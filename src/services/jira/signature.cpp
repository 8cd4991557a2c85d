#include "services/jira/signature.hpp"

#include "base/text.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

namespace hallpass::services::jira {

std::string sign_webhook(const secret& key, std::string_view body) {
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
    return "sha256=" + to_hex({reinterpret_cast<const char*>(digest.data()), length});
}

std::optional<std::string_view> refuse_webhook(const secret& key, const ports::callback_request& request) {
    std::size_t headers = 0;
    for (const auto& [name, value] : request.headers) {
        headers += lower_case(name) == "x-hub-signature" ? 1U : 0U;
    }
    if (headers != 1) {
        return "the header X-Hub-Signature is missing or doubled";
    }
    const std::string wanted = key.empty() ? std::string() : sign_webhook(key, request.body);
    if (wanted.empty() || !equal_in_constant_time(wanted, request.header("x-hub-signature"))) {
        return "the signature is not by jira.webhook_secret";
    }
    return std::nullopt;
}

} // namespace hallpass::services::jira
