#include "base/base64.hpp"
#include "minted.hpp"
#include "services/email/form_fields.hpp"
#include "services/email/id_token.hpp"
#include "services/email/sealed_words.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <functional>

using namespace hallpass;
using namespace hallpass::services;
using namespace hallpass::services::email;
using namespace std::chrono_literals;
using test::minting_key;
namespace json = boost::json;

namespace {

constexpr std::int64_t now = 1'772'334'000;

expected_token expected() {
    return {"https://login.example.com", "hallpass", "the-nonce", instant(std::chrono::seconds(now))};
}

json::object claims() {
    return {
        {"iss", "https://login.example.com"},
        {"aud", "hallpass"},
        {"sub", "u-1"},
        {"exp", now + 300},
        {"iat", now - 5},
        {"nonce", "the-nonce"},
        {"email", "Bob@example.com"},
        {"email_verified", true}};
}

const minting_key& rsa() {
    static const minting_key key("RS256", "r1");
    return key;
}

const minting_key& ec() {
    static const minting_key key("ES256", "e1");
    return key;
}

json::object both() {
    return {{"keys", json::array{rsa().jwk(), ec().jwk()}}};
}

result<proved_person> verify(const std::string& text, const json::object& keys = both()) {
    const auto token = read_id_token(text);
    if (!token) {
        return token.error();
    }
    const auto published = read_published_keys(json::serialize(keys));
    if (!published) {
        return published.error();
    }
    return verify_id_token(*token, find_key(*published, token->key_id, token->algorithm), expected());
}

std::string why_not(const std::string& token, const json::object& keys = both()) {
    const auto who = verify(token, keys);
    return who ? "" : std::string(to_string(who.error().kind())) + ": " + who.error().text();
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("a token by either kind of key says who it is") {
    for (const minting_key* key : {&rsa(), &ec()}) {
        const auto who = verify(key->token(claims()));
        REQUIRE(who.has_value());
        CHECK(who->subject == "u-1");
        CHECK(who->email == "bob@example.com");
        CHECK(who->email_verified);
    }
}

TEST_CASE("every claim is judged") {
    struct row {
        const char* what;
        std::function<void(json::object&)> change;
        const char* said;
    };

    const std::vector<row> rows{
        {"issuer", [](json::object& c) { c["iss"] = "https://evil.example"; }, "another issuer"},
        {"audience", [](json::object& c) { c["aud"] = "other"; }, "somebody else"},
        {"no audience", [](json::object& c) { c.erase("aud"); }, "somebody else"},
        {"audiences",
         [](json::object& c) {
             c["aud"] = json::array{"hallpass", "other"};
         },
         "somebody else"},
        {"party", [](json::object& c) { c["azp"] = "other"; }, "somebody else"},
        {"expired", [](json::object& c) { c["exp"] = now - 61; }, "expired"},
        {"no end", [](json::object& c) { c.erase("exp"); }, "expired"},
        {"end as text", [](json::object& c) { c["exp"] = "9999999999"; }, "expired"},
        {"future", [](json::object& c) { c["iat"] = now + 120; }, "valid yet"},
        {"not before", [](json::object& c) { c["nbf"] = now + 120; }, "valid yet"},
        {"nonce", [](json::object& c) { c["nonce"] = "other"; }, "another login"},
        {"no nonce", [](json::object& c) { c.erase("nonce"); }, "another login"},
        {"nobody", [](json::object& c) { c["sub"] = ""; }, "nobody"},
    };
    for (const row& one : rows) {
        CAPTURE(one.what);
        json::object changed = claims();
        one.change(changed);
        const std::string why = why_not(ec().token(changed));
        CHECK_MESSAGE(has(why, one.said), why);
        CHECK(why.starts_with("unauthorised"));
    }
    json::object several = claims();
    several["aud"] = json::array{"other", "hallpass"};
    several["azp"] = "hallpass";
    CHECK(why_not(ec().token(several)).empty());
}

TEST_CASE("an address counts only where the provider vouches for it") {
    for (const json::value& word :
         {json::value(false), json::value("false"), json::value(1), json::value()}) {
        json::object changed = claims();
        changed["email_verified"] = word;
        const auto who = verify(ec().token(changed));
        REQUIRE(who.has_value());
        CHECK_FALSE(who->email_verified);
    }
}

TEST_CASE("a forged token proves nothing") {
    const std::string genuine = ec().token(claims());
    SUBCASE("without a signature") {
        const std::string head = to_base64url(R"({"alg":"none"})");
        const std::string body = to_base64url(json::serialize(claims()));
        CHECK(has(why_not(head + '.' + body + ".AA"), "let it use RS256 or ES256"));
        CHECK_FALSE(why_not(head + '.' + body + '.').empty());
        CHECK_FALSE(why_not(head + '.' + body).empty());
    }
    SUBCASE("by a secret, which is our published key") {
        CHECK(has(
            why_not(rsa().token({{"alg", "HS256"}, {"kid", "r1"}}, claims())), "let it use RS256 or ES256"
        ));
    }
    SUBCASE("of one kind of key as the other's") {
        CHECK(has(why_not(ec().token({{"alg", "RS256"}, {"kid", "e1"}}, claims())), "doesn't publish"));
        CHECK(has(why_not(ec().token({{"alg", "RS256"}, {"kid", "r1"}}, claims())), "signature"));
    }
    SUBCASE("by a stranger's key of the same name") {
        const minting_key stranger("ES256", "e1");
        CHECK(has(why_not(stranger.token(claims())), "signature"));
    }
    SUBCASE("changed") {
        json::object more = claims();
        more["email"] = "eve@evil.example";
        const std::string other = ec().token(more);
        const std::size_t first = genuine.find('.');
        const std::size_t last = genuine.rfind('.');
        const std::string body = other.substr(other.find('.'), other.rfind('.') - other.find('.'));
        CHECK(has(why_not(genuine.substr(0, first) + body + genuine.substr(last)), "signature"));
    }
    SUBCASE("with what must be understood and isn't") {
        CHECK(has(
            why_not(ec().token({{"alg", "ES256"}, {"kid", "e1"}, {"crit", json::array{"b64"}}}, claims())),
            "form"
        ));
    }
    SUBCASE("no token at all") {
        for (const std::string text : {"", ".", "..", "a.b.c", "a.b.c.d"}) {
            CHECK_FALSE(why_not(text).empty());
        }
        CHECK_FALSE(why_not(std::string(100'000, 'a')).empty());
        CHECK_FALSE(why_not(genuine + "A").empty());
    }
}

TEST_CASE("which key it is must be known") {
    const minting_key next("ES256", "e2");
    CHECK(has(why_not(next.token(claims())), "doesn't publish"));
    CHECK(why_not(ec().token({{"alg", "ES256"}}, claims())).empty()); // the only one of its kind
    const json::object two{{"keys", json::array{next.jwk(), ec().jwk()}}};
    CHECK(has(why_not(ec().token({{"alg", "ES256"}}, claims()), two), "doesn't publish"));
    const minting_key weak("RS256", "w", 1024);
    CHECK(has(why_not(weak.token(claims()), weak.key_set()), "doesn't publish"));
    const json::object none{{"keys", json::array{1, "x", json::object()}}};
    CHECK(has(why_not(ec().token(claims()), none), "doesn't publish"));
}

TEST_CASE("what is sealed comes back as it went, to its purpose, in its time, or not at all") {
    const seal own(secret("0123456789abcdef0123456789abcdef"), "label");
    const seal other(secret("another key of the same length!!"), "label");
    const instant at{std::chrono::seconds(now)};
    const std::string sealed = seal_words(own, "link", {"r-1", "bob@example.com"}, at + 1min);
    const auto opened = open_words(own, "link", sealed, at);
    REQUIRE(opened.has_value());
    CHECK(opened->words == std::vector<std::string>{"r-1", "bob@example.com"});
    CHECK_FALSE(opened->expired);
    CHECK(open_words(own, "link", sealed, at + 1min)->expired);
    CHECK_FALSE(open_words(own, "form", sealed, at).has_value());
    CHECK_FALSE(open_words(other, "link", sealed, at).has_value());
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        std::string changed = sealed;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        CHECK_FALSE(open_words(own, "link", changed, at).has_value());
    }
    CHECK_FALSE(open_words(own, "link", sealed.substr(0, 43), at).has_value());
    CHECK_FALSE(open_words(own, "link", "", at).has_value());
    CHECK(
        sealed.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
        std::string::npos
    );
}

TEST_CASE("forms are read strictly") {
    const auto fields = read_form("a=1+2&b=%C5%BE&&c");
    REQUIRE(fields.has_value());
    CHECK(fields->at("a") == "1 2");
    CHECK(fields->at("b") == "ž");
    CHECK(fields->at("c").empty());
    for (const std::string text : {"a=%", "a=%G0", "a=1&a=2"}) {
        CHECK_FALSE(read_form(text).has_value());
    }
    CHECK(form_escaped("a b&ž~") == "a%20b%26%C5%BE~");
}
