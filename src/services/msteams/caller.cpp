#include "services/msteams/caller.hpp"

#include "base/text.hpp"
#include "services/json_members.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace hallpass::services::msteams {

namespace json = boost::json;

namespace {

constexpr std::string_view teams_channel = "msteams";
constexpr std::chrono::seconds clocks_differ{300};
constexpr std::string_view algorithm = "RS256";

std::string_view without_slashes(std::string_view url) noexcept {
    while (url.ends_with('/')) {
        url.remove_suffix(1);
    }
    return url;
}

} // namespace

std::optional<signed_token> token_of(const ports::callback_request& request) {
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
    auto token = read_signed_token(trimmed(found->substr(scheme.size())));
    return token && token->algorithm == algorithm && !token->key_id.empty() ? std::move(token) : std::nullopt;
}

std::optional<std::string_view>
refuse_claims(const signed_token& token, std::string_view issuer, const std::string& app_id, instant now) {
    const auto wrong = judge_claims(token.claims, {std::string(issuer), app_id, clocks_differ, now});
    if (!wrong) {
        // Microsoft's tokens are for one bot; its own libraries take no list, either.
        const bool for_one = text_of(token.claims, "aud") == app_id;
        return for_one ? std::nullopt : std::optional<std::string_view>("the token is for several bots");
    }
    switch (*wrong) {
    case claim_fault::issuer:
        return "the token's issuer is not the Bot Framework";
    case claim_fault::audience:
        return "the token is for another bot than msapi.app_id";
    case claim_fault::too_late:
    case claim_fault::too_early:
        break;
    }
    return "the token is not of now; is the machine's clock right?";
}

std::optional<std::string_view> refuse_signature(const signed_token& token, const published_key* key) {
    if (key == nullptr) {
        return "the token's key is none of Microsoft's";
    }
    if (!key->key.has_signed(token.signed_text, token.signature)) {
        return "the token's signature is wrong";
    }
    return std::nullopt;
}

std::optional<std::string_view> refuse_activity(
    const signed_token& token,
    const published_key& key,
    std::string_view channel,
    std::string_view service_url
) {
    const json::array& channels = array_of(key.described, "endorsements");
    const bool speaks = std::any_of(channels.begin(), channels.end(), [](const json::value& one) {
        return one.is_string() && one.get_string() == teams_channel;
    });
    if (channel != teams_channel || !speaks) {
        return "the token's key doesn't speak for Teams";
    }
    const std::string_view claimed = text_of(token.claims, "serviceurl");
    if (!claimed.starts_with("https://") || without_slashes(claimed) != without_slashes(service_url)) {
        return "the activity is of another service than the token";
    }
    return std::nullopt;
}

} // namespace hallpass::services::msteams
