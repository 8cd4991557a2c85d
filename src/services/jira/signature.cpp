#include "services/jira/signature.hpp"

#include "base/hmac.hpp"
#include "base/text.hpp"
#include "services/signed_call.hpp"

namespace hallpass::services::jira {

std::string sign_webhook(const secret& key, std::string_view body) {
    return "sha256=" + to_hex(hmac_sha256(key.reveal(), body));
}

std::optional<std::string_view> refuse_webhook(const secret& key, const ports::callback_request& request) {
    const auto given = only_header(request.headers, "x-hub-signature");
    if (!given) {
        return "the header X-Hub-Signature is missing or doubled";
    }
    const std::string wanted = sign_webhook(key, request.body);
    if (key.empty() || !equal_in_constant_time(wanted, *given)) {
        return "the signature is not by jira.webhook_secret";
    }
    return std::nullopt;
}

} // namespace hallpass::services::jira
