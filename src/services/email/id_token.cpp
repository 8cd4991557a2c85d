#include "services/email/id_token.hpp"

#include "base/secret.hpp"
#include "base/text.hpp"
#include "services/email/base64url.hpp"
#include "services/email/signing_key.hpp"
#include "services/json_members.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace hallpass::services::email {

namespace json = boost::json;

namespace {

constexpr std::size_t longest_token = 16 * 1024;
constexpr double skew = 60; // seconds

fault no_proof(const std::string& why) {
    return fault(fault_kind::unauthorised, "the provider's id_token " + why);
}

std::optional<json::object> read_part(std::string_view part) {
    const auto text = from_base64url(part);
    const auto value = text ? parse_foreign(*text) : std::nullopt;
    return value && value->is_object() ? std::optional(value->get_object()) : std::nullopt;
}

std::optional<double> time_of(const json::object& claims, std::string_view name) {
    const json::value* found = claims.if_contains(name);
    if (!found || !found->is_number()) {
        return std::nullopt;
    }
    const double at = found->to_number<double>();
    return std::isfinite(at) ? std::optional(at) : std::nullopt;
}

// One audience, or several where it was made for us in the first place.
bool is_for(const json::object& claims, const std::string& client) {
    const json::value* audience = claims.if_contains("aud");
    if (!audience) {
        return false;
    }
    const std::string_view party = text_of(claims, "azp");
    if (!party.empty() && party != client) {
        return false;
    }
    if (audience->is_string()) {
        return audience->get_string() == client;
    }
    if (!audience->is_array()) {
        return false;
    }
    const json::array& all = audience->get_array();
    const bool named = std::any_of(all.begin(), all.end(), [&](const json::value& one) {
        return one.is_string() && one.get_string() == client;
    });
    return named && (all.size() == 1 || party == client);
}

std::optional<fault> judge(const json::object& claims, const expected_token& expected) {
    const double now =
        static_cast<double>(std::chrono::floor<std::chrono::seconds>(expected.now).time_since_epoch().count()
        );
    const auto expires = time_of(claims, "exp");
    const auto not_before = time_of(claims, "nbf");
    const auto issued = time_of(claims, "iat");
    if (text_of(claims, "iss") != expected.issuer) {
        return no_proof("is of another issuer: " + one_line(text_of(claims, "iss"), 100));
    }
    if (!is_for(claims, expected.client_id)) {
        return no_proof("is for somebody else than email.oidc.client_id");
    }
    if (!expires || *expires + skew <= now) {
        return no_proof("has expired; is the machine's clock right?");
    }
    if ((not_before && *not_before > now + skew) || !issued || *issued > now + skew) {
        return no_proof("isn't valid yet; is the machine's clock right?");
    }
    if (expected.nonce.empty() || !equal_in_constant_time(text_of(claims, "nonce"), expected.nonce)) {
        return no_proof("belongs to another login");
    }
    if (text_of(claims, "sub").empty()) {
        return no_proof("names nobody");
    }
    return std::nullopt;
}

bool is_true(const json::object& claims, std::string_view name) {
    const json::value* found = claims.if_contains(name);
    return found &&
           ((found->is_bool() && found->get_bool()) || (found->is_string() && found->get_string() == "true"));
}

} // namespace

result<proved_person>
verify_id_token(std::string_view token, const json::object& keys, const expected_token& expected) {
    const std::vector<std::string> parts = split(token, '.');
    if (token.size() > longest_token || parts.size() != 3) {
        return no_proof("has no form");
    }
    const auto header = read_part(parts[0]);
    const auto claims = read_part(parts[1]);
    const auto signature = from_base64url(parts[2]);
    if (!header || !claims || !signature || header->contains("crit")) {
        return no_proof("has no form that is understood");
    }
    const std::string_view signed_text = token.substr(0, parts[0].size() + 1 + parts[1].size());
    const result<void> genuine = verify_signature(*header, keys, signed_text, *signature);
    if (!genuine) {
        return genuine.error();
    }
    if (const auto wrong = judge(*claims, expected)) {
        return *wrong;
    }
    proved_person who;
    who.subject = text_of(*claims, "sub");
    who.email = lower_case(text_of(*claims, "email"));
    who.email_verified = is_true(*claims, "email_verified");
    return who;
}

} // namespace hallpass::services::email
