#include "services/seal.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::services;

TEST_CASE("a seal is the same wherever the same secret is, and none other opens it") {
    const secret word("a-token");
    const seal one(word, "label");
    const seal same(word, "label");
    const seal other(secret("another-token"), "label");
    const seal elsewhere(word, "another label");
    const std::string sealed = one.sealed("use", "text");
    CHECK(same.opened("use", sealed) == std::optional<std::string_view>("text"));
    CHECK_FALSE(one.opened("other use", sealed).has_value());
    CHECK_FALSE(other.opened("use", sealed).has_value());
    CHECK_FALSE(elsewhere.opened("use", sealed).has_value());
    CHECK_FALSE(one.opened("use", sealed + "x").has_value());
    CHECK_FALSE(one.opened("use", "").has_value());
    CHECK_FALSE(one.opened("use", sealed.substr(0, 42)).has_value());
}

TEST_CASE("parts of a mark can't run into each other") {
    const seal one(secret("a-token"), "label");
    CHECK(one.mark("u", {"ab", "c"}) != one.mark("u", {"a", "bc"}));
    CHECK(one.mark("u", {"ab"}) != one.mark("ua", {"b"}));
    CHECK(one.mark("u", {"a", ""}) != one.mark("u", {"a"}));
}

TEST_CASE("the key is the one that HKDF gives, so that another implementation can check it") {
    // Python: HMAC(HKDF(SHA256, 32, salt=None, info=b"hallpass mattermost token v1").derive(b"a-token"),
    // b"3:use4:text"), in base64url without padding.
    const seal one(secret("a-token"), "hallpass mattermost token v1");
    CHECK(one.mark("use", {"text"}) == "1lA2dbGLEriiIeRJykvpDVTAeZPi-2ibAKEarvauUSw");
}

TEST_CASE("a random word is another one each time") {
    const std::string one = random_word();
    CHECK(one.size() == 43);
    CHECK(one != random_word());
}
