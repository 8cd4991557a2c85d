#include "services/jira/signature.hpp"

#include "base/hmac.hpp"
#include "base/text.hpp"

namespace hallpass::services::jira {

std::string sign_webhook(const secret& key, std::string_view body) {
    return "sha256=" + to_hex(hmac_sha256(key.reveal(), body));
}

std::optional<std::string_view> refuse_webhook(const secret& key, const ports::callback_request& request) {
    std::size_t headers = 0;
    for (const auto& [name, value] : request.headers) {
        headers += lower_case(name) == "x-hub-signature" ? 1U : 0U;
    }
    if (headers != 1) {
        return "the header X-Hub-Signature is missing or doubled";
    }
    const std::string wanted = sign_webhook(key, request.body);
    if (key.empty() || !equal_in_constant_time(wanted, request.header("x-hub-signature"))) {
        return "the signature is not by jira.webhook_secret";
    }
    return std::nullopt;
}

} // namespace hallpass::services::jira
