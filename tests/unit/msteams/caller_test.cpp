#include "bench.hpp"
#include "payloads.hpp"
#include "services/msteams/caller.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::services;
using namespace hallpass::services::msteams;
using namespace hallpass::test;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

constexpr instant now{1'700'000'000s};
const std::string issuer = "https://api.botframework.com";

signed_token read(const std::string& text) {
    auto token = read_signed_token(text);
    REQUIRE(token);
    return *std::move(token);
}

signed_token with(std::string_view claim, const json::value& value) {
    json::object claims = claims_at(now);
    claims[claim] = value;
    return read(microsofts_key().sign(claims));
}

published_key key_of(const json::value& endorsements) {
    const json::array published{microsofts_key().published(endorsements)};
    auto keys = read_published_keys(json::serialize(json::object{{"keys", published}}));
    REQUIRE(keys.has_value());
    REQUIRE(find_key(*keys, "the-key", "RS256") != nullptr);
    return keys->front();
}

ports::callback_request request_with(ports::http_headers headers) {
    ports::callback_request made;
    made.headers = std::move(headers);
    return made;
}

} // namespace

TEST_CASE("Microsoft's token is good, in its time and five minutes to both sides") {
    const signed_token token = read(microsofts_key().sign(claims_at(now)));
    const published_key key = key_of(json::array{"msteams"});
    for (const auto after : {0s, -600s, 3900s}) {
        CHECK_FALSE(refuse_claims(token, issuer, app_id, now + after));
    }
    CHECK_FALSE(refuse_signature(token, &key));
    CHECK_FALSE(refuse_activity(token, key, "msteams", "https://smba.trafficmanager.net/emea"));
    CHECK(refuse_claims(token, issuer, app_id, now - 601s));
    CHECK(refuse_claims(token, issuer, app_id, now + 3901s));
}

TEST_CASE("a token of another issuer, for another bot, or without a time is refused") {
    for (const auto& [claim, value] : {
             std::pair<const char*, json::value>("iss", "https://sts.windows.net/x/"),
             {"iss", nullptr},
             {"aud", "11111111-0000-4000-8000-000000000000"},
             {"aud", json::array{"11111111-0000-4000-8000-000000000000"}},
             {"aud", json::array{app_id, "another"}},
             {"aud", ""},
             {"exp", nullptr},
             {"exp", "1700000000"},
             {"exp", 1.6e9},
             {"exp", -1},
             {"exp", std::numeric_limits<std::int64_t>::max()},
             {"nbf", "x"},
             {"iat", "x"},
         }) {
        CAPTURE(claim);
        CHECK(refuse_claims(with(claim, value), issuer, app_id, now));
    }
}

TEST_CASE("a token that was made later than five minutes from now is refused") {
    const auto made = [](std::chrono::seconds after) {
        const auto at = std::chrono::floor<std::chrono::seconds>((now + after).time_since_epoch());
        return with("iat", at.count());
    };
    CHECK_FALSE(refuse_claims(made(-1h), issuer, app_id, now));
    CHECK_FALSE(refuse_claims(made(300s), issuer, app_id, now));
    CHECK(refuse_claims(made(301s), issuer, app_id, now));
}

TEST_CASE("a signature by somebody else, over something else, or by nobody is refused") {
    const published_key key = key_of(json::array{"msteams"});
    CHECK(refuse_signature(read(strangers_key().sign(claims_at(now))), &key));
    signed_token changed = read(microsofts_key().sign(claims_at(now)));
    CHECK(refuse_signature(changed, nullptr));
    changed.signed_text.back() = changed.signed_text.back() == 'A' ? 'B' : 'A';
    CHECK(refuse_signature(changed, &key));
    signed_token cut = read(microsofts_key().sign(claims_at(now)));
    cut.signature.pop_back();
    CHECK(refuse_signature(cut, &key));
}

TEST_CASE("a key that doesn't speak for Teams, and an activity of another service, are refused") {
    const signed_token token = read(microsofts_key().sign(claims_at(now)));
    const std::string service = "https://smba.trafficmanager.net/emea/";
    CHECK(refuse_activity(token, key_of(json::array{"skype"}), "msteams", service));
    CHECK(refuse_activity(token, key_of(json::array{}), "msteams", service));
    CHECK(refuse_activity(token, key_of(nullptr), "msteams", service));
    const published_key key = key_of(json::array{"msteams", "skype"});
    CHECK(refuse_activity(token, key, "skype", service));
    CHECK(refuse_activity(token, key, "", service));
    CHECK(refuse_activity(token, key, "msteams", "https://evil.example/"));
    CHECK(refuse_activity(token, key, "msteams", ""));
    CHECK(refuse_activity(with("serviceurl", "http://x/"), key, "msteams", "http://x/"));
    CHECK(refuse_activity(with("serviceurl", ""), key, "msteams", ""));
}

TEST_CASE("only a token in compact form by RS256, by a key with a name, is one") {
    const auto taken = [](const std::string& token) {
        return token_of(request_with({{"Authorization", "Bearer " + token}})).has_value();
    };
    const json::object claims = claims_at(now);
    for (const json::object& header :
         {json::object{{"alg", "none"}, {"kid", "the-key"}},
          json::object{{"alg", "HS256"}, {"kid", "the-key"}},
          json::object{{"alg", "ES256"}, {"kid", "the-key"}}, json::object{{"alg", "RS256"}},
          json::object{{"alg", "RS256"}, {"kid", 1}},
          json::object{{"alg", "RS256"}, {"kid", "the-key"}, {"crit", json::array{"x"}}}}) {
        CHECK_FALSE(taken(microsofts_key().sign(claims, header)));
    }
    const std::string good = microsofts_key().sign(claims);
    CHECK(taken(good));
    for (const std::string& text :
         {std::string(), std::string("."), std::string(".."), good + ".x", good.substr(0, good.rfind('.')),
          good + "=", std::string(largest_token, 'a') + good}) {
        CHECK_FALSE(taken(text));
    }
}

TEST_CASE("one Authorization header with a bearer token is taken") {
    const std::string good = microsofts_key().sign(claims_at(now));
    CHECK(token_of(request_with({{"authorization", "Bearer " + good}})));
    CHECK(token_of(request_with({{"Authorization", "bearer  " + good}})));
    CHECK_FALSE(token_of(request_with({})));
    CHECK_FALSE(token_of(request_with({{"Authorization", good}})));
    CHECK_FALSE(token_of(request_with({{"Authorization", "Bearer"}})));
    CHECK_FALSE(
        token_of(request_with({{"Authorization", "Bearer " + good}, {"authorization", "Bearer " + good}}))
    );
}
