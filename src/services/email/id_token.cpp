#include "services/email/id_token.hpp"

#include "base/secret.hpp"
#include "base/text.hpp"
#include "services/json_members.hpp"

#include <boost/json/array.hpp>

#include <utility>

namespace hallpass::services::email {

namespace json = boost::json;

namespace {

fault no_proof(const std::string& why) {
    return fault(fault_kind::unauthorised, "the provider's id_token " + why);
}

// With several audiences, or where it says so, it must have been made for us in the first place.
bool is_party(const json::object& claims, const std::string& client) {
    const bool several = array_of(claims, "aud").size() > 1;
    return several || claims.contains("azp") ? text_of(claims, "azp") == client : true;
}

fault said_wrong(claim_fault what, const json::object& claims) {
    switch (what) {
    case claim_fault::issuer:
        return no_proof("is of another issuer: " + one_line(text_of(claims, "iss"), 100));
    case claim_fault::audience:
        return no_proof("is for somebody else than email.oidc.client_id");
    case claim_fault::too_late:
        return no_proof("has expired; is the machine's clock right?");
    case claim_fault::too_early:
        break;
    }
    return no_proof("isn't valid yet; is the machine's clock right?");
}

std::optional<fault> judge(const json::object& claims, const expected_token& expected) {
    expected_claims usual;
    usual.issuer = expected.issuer;
    usual.audience = expected.client_id;
    usual.now = expected.now;
    if (const auto wrong = judge_claims(claims, usual)) {
        return said_wrong(*wrong, claims);
    }
    if (!is_party(claims, expected.client_id)) {
        return said_wrong(claim_fault::audience, claims);
    }
    if (!claims.contains("iat")) {
        return said_wrong(claim_fault::too_early, claims);
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

result<signed_token> read_id_token(std::string_view text) {
    auto token = read_signed_token(text);
    if (!token) {
        return no_proof("has no form that is understood");
    }
    if (token->algorithm != "RS256" && token->algorithm != "ES256") {
        return no_proof("is signed by \"" + one_line(token->algorithm, 20) + "\"; let it use RS256 or ES256");
    }
    return *std::move(token);
}

result<proved_person>
verify_id_token(const signed_token& token, const published_key* key, const expected_token& expected) {
    if (key == nullptr) {
        return no_proof("is signed by a key that it doesn't publish");
    }
    if (key->key.algorithm() != token.algorithm || !key->key.has_signed(token.signed_text, token.signature)) {
        return no_proof("has a wrong signature");
    }
    if (const auto wrong = judge(token.claims, expected)) {
        return *wrong;
    }
    proved_person who;
    who.subject = text_of(token.claims, "sub");
    who.email = lower_case(text_of(token.claims, "email"));
    who.email_verified = is_true(token.claims, "email_verified");
    return who;
}

} // namespace hallpass::services::email
