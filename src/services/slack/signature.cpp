#include "services/slack/signature.hpp"

#include "base/hmac.hpp"
#include "base/text.hpp"
#include "services/signed_call.hpp"

#include <algorithm>
#include <chrono>

namespace hallpass::services::slack {

namespace {

constexpr std::int64_t window = 300; // seconds, to both sides
constexpr std::string_view timestamp_header = "x-slack-request-timestamp";
constexpr std::string_view signature_header = "x-slack-signature";
constexpr std::string_view version = "v0";
constexpr std::size_t signature_bytes = 3 + 64; // "v0=" and SHA-256 in hex

bool has_form(std::string_view signature) {
    const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    return signature.size() == signature_bytes && signature.starts_with("v0=") &&
           std::all_of(signature.begin() + 3, signature.end(), is_hex);
}

} // namespace

signature_check::signature_check(secret key, instant made, std::size_t capacity)
    : key_(std::move(key)),
      not_before_(std::chrono::ceil<std::chrono::seconds>(made.time_since_epoch()).count()),
      capacity_(capacity) {}

std::optional<std::string_view> signature_check::refuse(const ports::callback_request& request, instant now) {
    const auto timestamp = only_header(request.headers, timestamp_header);
    const auto signature = only_header(request.headers, signature_header);
    if (!timestamp || !signature) {
        return "the signature's headers are missing or doubled";
    }
    const auto at = parse_timestamp(*timestamp);
    if (!at || !has_form(*signature)) {
        return "the signature's headers are malformed";
    }
    const std::int64_t seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
    if (*at > seconds + window || *at < seconds - window) {
        return "the timestamp is not of now; is the machine's clock right?";
    }
    forget_old(seconds);
    const std::string wanted = sign(*timestamp, request.body);
    if (key_.empty() || wanted.empty() || !equal_in_constant_time(wanted, *signature)) {
        return "the signature is not by slack.signing_secret";
    }
    if (*at < not_before_) {
        return "the timestamp is before the start of hallpass";
    }
    if (seen_.size() >= capacity_) {
        return "too many callbacks at once";
    }
    if (!seen_.emplace(*at, *signature).second) {
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

std::string signature_check::sign(std::string_view timestamp, std::string_view body) const {
    std::string base(version);
    base.append(":").append(timestamp).append(":").append(body);
    return "v0=" + to_hex(hmac_sha256(key_.reveal(), base));
}

} // namespace hallpass::services::slack
