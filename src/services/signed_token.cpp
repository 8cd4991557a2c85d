#include "services/signed_token.hpp"

#include "base/base64.hpp"
#include "services/json_members.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <utility>

namespace hallpass::services {

namespace json = boost::json;

namespace {

constexpr std::size_t deepest = 8;
constexpr std::size_t longest_key_id = 200;
constexpr double latest = 1e11; // seconds

std::optional<json::object> read_part(std::string_view text) {
    const auto bytes = from_base64url(text);
    auto parsed = bytes ? parse_foreign(*bytes, deepest) : std::nullopt;
    if (!parsed || !parsed->is_object()) {
        return std::nullopt;
    }
    return std::move(parsed->get_object());
}

// A fraction of a second is allowed.
std::optional<double> time_in(const json::object& claims, std::string_view name) {
    const json::value* found = claims.if_contains(name);
    const double at = found && found->is_number() ? found->to_number<double>() : -1;
    return at >= 0 && at <= latest ? std::optional(at) : std::nullopt;
}

bool is_for(const json::object& claims, std::string_view audience) {
    const json::value* found = claims.if_contains("aud");
    if (!found || audience.empty()) {
        return false;
    }
    const auto is_it = [audience](const json::value& one) {
        return one.is_string() && one.get_string() == audience;
    };
    const json::array* all = found->if_array();
    return all ? std::any_of(all->begin(), all->end(), is_it) : is_it(*found);
}

} // namespace

std::optional<signed_token> read_signed_token(std::string_view text) {
    const std::size_t first = text.find('.');
    const std::size_t second = first == std::string_view::npos ? first : text.find('.', first + 1);
    if (text.size() > largest_token || second == std::string_view::npos ||
        text.find('.', second + 1) != std::string_view::npos) {
        return std::nullopt;
    }
    const auto header = read_part(text.substr(0, first));
    auto claims = read_part(text.substr(first + 1, second - first - 1));
    auto signature = from_base64url(text.substr(second + 1));
    // "crit" would name extensions that must be understood.
    if (!header || !claims || !signature || header->contains("crit")) {
        return std::nullopt;
    }
    signed_token made;
    made.algorithm = text_of(*header, "alg");
    made.key_id = text_of(*header, "kid");
    if (made.key_id.size() > longest_key_id) {
        return std::nullopt;
    }
    made.claims = *std::move(claims);
    made.signed_text = text.substr(0, second);
    made.signature = *std::move(signature);
    return made;
}

std::optional<claim_fault> judge_claims(const json::object& claims, const expected_claims& expected) {
    const auto whole = std::chrono::floor<std::chrono::seconds>(expected.now).time_since_epoch().count();
    const auto now = static_cast<double>(whole);
    const auto skew = static_cast<double>(expected.clocks_differ.count());
    if (expected.issuer.empty() || text_of(claims, "iss") != expected.issuer) {
        return claim_fault::issuer;
    }
    if (!is_for(claims, expected.audience)) {
        return claim_fault::audience;
    }
    const auto ends = time_in(claims, "exp");
    if (!ends || *ends + skew < now) {
        return claim_fault::too_late;
    }
    for (const std::string_view name : {"nbf", "iat"}) {
        const auto begins = time_in(claims, name);
        if (claims.contains(name) && (!begins || *begins > now + skew)) {
            return claim_fault::too_early;
        }
    }
    return std::nullopt;
}

} // namespace hallpass::services
