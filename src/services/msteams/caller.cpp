#include "services/msteams/caller.hpp"

#include "base/text.hpp"
#include "services/json_members.hpp"

#include <algorithm>
#include <chrono>

namespace hallpass::services::msteams {

namespace json = boost::json;

namespace {

constexpr std::string_view issuer = "https://api.botframework.com";
constexpr std::string_view teams_channel = "msteams";
constexpr std::int64_t skew = 300; // seconds

// Microsoft writes whole numbers; a fraction or a text is none of its.
std::optional<std::int64_t> time_in(const json::object& claims, std::string_view name) {
    const json::value* found = claims.if_contains(name);
    if (!found || !found->is_int64() || found->get_int64() < 0 || found->get_int64() > 100'000'000'000) {
        return std::nullopt;
    }
    return found->get_int64();
}

std::string_view without_slashes(std::string_view url) noexcept {
    while (url.ends_with('/')) {
        url.remove_suffix(1);
    }
    return url;
}

} // namespace

std::optional<jwt> token_of(const ports::callback_request& request) {
    constexpr std::string_view scheme = "bearer ";
    std::optional<std::string_view> found;
    for (const auto& [name, value] : request.headers) {
        if (lower_case(name) != "authorization") {
            continue;
        }
        if (found) {
            return std::nullopt;
        }
        found = value;
    }
    if (!found || lower_case(found->substr(0, scheme.size())) != scheme) {
        return std::nullopt;
    }
    return read_jwt(trimmed(found->substr(scheme.size())));
}

std::optional<std::string_view> refuse_claims(const jwt& token, const std::string& app_id, instant now) {
    if (text_of(token.claims, "iss") != issuer) {
        return "the token's issuer is not the Bot Framework";
    }
    if (lower_case(text_of(token.claims, "aud")) != app_id) {
        return "the token is for another bot than msapi.app_id";
    }
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
    const auto end = time_in(token.claims, "exp");
    const auto begin = time_in(token.claims, "nbf");
    const auto made = time_in(token.claims, "iat");
    if (!end || (token.claims.contains("nbf") && !begin) || (token.claims.contains("iat") && !made)) {
        return "the token has no time";
    }
    if (seconds > *end + skew || (begin && seconds < *begin - skew) || (made && seconds < *made - skew)) {
        return "the token is not of now; is the machine's clock right?";
    }
    return std::nullopt;
}

std::optional<std::string_view> refuse_signature(const jwt& token, const signing_key* key) {
    if (key == nullptr) {
        return "the token's key is none of Microsoft's";
    }
    if (!key->key.has_signed(token.signed_text, token.signature)) {
        return "the token's signature is wrong";
    }
    return std::nullopt;
}

std::optional<std::string_view> refuse_activity(
    const jwt& token, const signing_key& key, std::string_view channel, std::string_view service_url
) {
    const auto& channels = key.endorsements;
    if (channel != teams_channel ||
        std::find(channels.begin(), channels.end(), teams_channel) == channels.end()) {
        return "the token's key doesn't speak for Teams";
    }
    const std::string_view claimed = text_of(token.claims, "serviceurl");
    if (!claimed.starts_with("https://") || without_slashes(claimed) != without_slashes(service_url)) {
        return "the activity is of another service than the token";
    }
    return std::nullopt;
}

} // namespace hallpass::services::msteams
