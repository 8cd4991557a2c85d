#include "services/pagerduty/signature.hpp"

#include "base/hmac.hpp"
#include "base/text.hpp"
#include "services/signed_call.hpp"

namespace hallpass::services::pagerduty {

namespace {

constexpr std::string_view header_name = "x-pagerduty-signature";
constexpr std::string_view version = "v1=";
constexpr std::size_t most_signatures = 10;
constexpr std::size_t longest_header = 1024;

} // namespace

std::optional<std::string_view> refuse(const ports::callback_request& request, const secret& key) {
    const auto header = only_header(request.headers, header_name);
    if (!header || header->size() > longest_header) {
        return "the signature's header is missing, doubled or too long";
    }
    if (key.empty()) {
        return "there is no secret to verify it with";
    }
    const std::string wanted = std::string(version) + to_hex(hmac_sha256(key.reveal(), request.body));
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
