#include "base/base64.hpp"
#include "services/published_keys.hpp"
#include "services/signed_token.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::services;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

std::string number(std::size_t bytes) {
    return to_base64url('\xc1' + std::string(bytes - 2, '\x5a') + '\x01');
}

json::object rsa(std::string_view id, std::string modulus, std::string_view exponent = "AQAB") {
    return {{"kty", "RSA"}, {"kid", id}, {"n", std::move(modulus)}, {"e", exponent}};
}

json::object with(json::object key, std::string_view name, std::string_view value) {
    key[name] = value;
    return key;
}

std::vector<published_key> read(json::array keys) {
    auto made = read_published_keys(json::serialize(json::object{{"keys", std::move(keys)}}));
    REQUIRE(made.has_value());
    return *std::move(made);
}

} // namespace

TEST_CASE("keys that are too small, too large, for something else or none are left out") {
    CHECK(read({rsa("a", number(256))}).size() == 1);
    CHECK(read({with(rsa("a", number(256)), "use", "sig")}).size() == 1);
    for (const json::object& one :
         {rsa("a", ""), rsa("a", "AQAB"), rsa("a", number(255)), rsa("a", number(1025)),
          rsa("a", number(256), ""), rsa("a", number(256), "AQ"), rsa("a", number(256), "AQAA"),
          with(rsa("a", number(256)), "use", "enc"), with(rsa("a", number(256)), "alg", "RS512"),
          with(rsa("a", number(256)), "kty", "oct"), json::object{{"kty", "EC"}, {"kid", "x"}},
          json::object{{"kty", "EC"}, {"crv", "P-256"}, {"x", number(32)}, {"y", number(32)}}}) {
        CAPTURE(json::serialize(one));
        CHECK(read({one, 1, "x"}).empty());
    }
    CHECK(read_published_keys("{}").has_error());
    CHECK(read_published_keys("<html>").has_error());
}

TEST_CASE("a key is found by its name and algorithm, and without a name where there is but one") {
    const auto keys = read({rsa("a", number(256)), rsa("b", number(256)), rsa("b", number(384))});
    CHECK(find_key(keys, "a", "RS256") == keys.data());
    CHECK(find_key(keys, "a", "ES256") == nullptr);
    CHECK(find_key(keys, "b", "RS256") == nullptr);
    CHECK(find_key(keys, "c", "RS256") == nullptr);
    CHECK(find_key(keys, "", "RS256") == nullptr);
    CHECK(find_key(read({rsa("a", number(256))}), "", "RS256") != nullptr);
}

TEST_CASE("claims are judged by who made them, for whom, and when") {
    expected_claims expected;
    expected.issuer = "https://issuer.example";
    expected.audience = "us";
    expected.now = instant(1'000'000s);
    const json::object good{{"iss", "https://issuer.example"}, {"aud", "us"}, {"exp", 1'000'000}};
    const auto judged = [&](std::string_view name, const json::value& value) {
        json::object claims = good;
        claims[name] = value;
        return judge_claims(claims, expected);
    };
    CHECK_FALSE(judge_claims(good, expected));
    CHECK_FALSE(judged("aud", json::array{"them", "us"}));
    CHECK_FALSE(judged("exp", 999'940));
    CHECK_FALSE(judged("nbf", 1'000'060.5e0 - 0.5));
    CHECK(judged("iss", "https://issuer.example/") == claim_fault::issuer);
    CHECK(judged("iss", nullptr) == claim_fault::issuer);
    CHECK(judged("aud", "US") == claim_fault::audience);
    CHECK(judged("aud", json::array{}) == claim_fault::audience);
    for (const json::value& end :
         {json::value(999'939), json::value("1000000"), json::value(-1), json::value(),
          json::value(std::numeric_limits<std::int64_t>::max())}) {
        CHECK(judged("exp", end) == claim_fault::too_late);
    }
    for (const char* name : {"nbf", "iat"}) {
        CHECK(judged(name, 1'000'061) == claim_fault::too_early);
        CHECK(judged(name, "x") == claim_fault::too_early);
    }
    expected.audience = "";
    CHECK(judged("aud", "") == claim_fault::audience);
}
