#include "desk_bench.hpp"
#include "services/mattermost/once_only.hpp"
#include "services/mattermost/seal.hpp"
#include "services/mattermost/trigger.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::services::mattermost;
using namespace hallpass::test;
using namespace std::chrono_literals;

TEST_CASE("a seal is the same wherever the same secret is, and none other opens it") {
    const secret token("a-token");
    const seal one(secret(), token);
    const seal same(secret(), token);
    const seal other(secret(), secret("another-token"));
    const seal own(secret("a-token"), token);
    const std::string sealed = one.sealed("use", "text");
    CHECK(same.opened("use", sealed) == std::optional<std::string_view>("text"));
    CHECK_FALSE(one.opened("other use", sealed).has_value());
    CHECK_FALSE(other.opened("use", sealed).has_value());
    CHECK_FALSE(own.opened("use", sealed).has_value());
    CHECK_FALSE(one.opened("use", sealed + "x").has_value());
    CHECK_FALSE(one.opened("use", "").has_value());
    CHECK_FALSE(one.opened("use", sealed.substr(0, 63)).has_value());
}

TEST_CASE("parts of a mark can't run into each other") {
    const seal one(secret(), secret("a-token"));
    CHECK(one.mark("u", {"ab", "c"}) != one.mark("u", {"a", "bc"}));
    CHECK(one.mark("u", {"ab"}) != one.mark("ua", {"b"}));
    CHECK(one.mark("u", {"a", ""}) != one.mark("u", {"a"}));
}

TEST_CASE("the key is the one that HKDF gives, so that another implementation can check it") {
    // Python: HMAC(HKDF(SHA256, 32, salt=None, info=b"hallpass mattermost token v1").derive(b"a-token"),
    // b"3:use4:text").
    const seal one(secret(), secret("a-token"));
    CHECK(one.mark("use", {"text"}) == "d6503675b18b12b8a221e449ca4be90d54c07993e2fb689b00a11aaef6ae512c");
}

TEST_CASE("what came once doesn't count again, and memory has a bound") {
    once_only once(2);
    const instant now{1h};
    CHECK(once.take("a", now + 1min, now));
    CHECK_FALSE(once.take("a", now + 1min, now));
    CHECK(once.take("b", now + 2min, now));
    CHECK_FALSE(once.take("c", now + 1min, now));
    once.give_back("b", now + 2min);
    CHECK(once.take("b", now + 2min, now));
    CHECK(once.take("c", now + 3min, now + 1min));
    // The clock goes back: what is forgotten stays refused.
    CHECK_FALSE(once.take("a", now + 1min, now));
    CHECK_FALSE(once.take("d", now, now));
}

TEST_CASE("a trigger says for whom it is and since when, or it is none") {
    const instant issued{1'700'000'000'123ms};
    const auto read = read_trigger(trigger_for(bob_id, issued));
    REQUIRE(read);
    CHECK(read->user == bob_id);
    CHECK(read->issued == issued);
    for (const std::string& wrong :
         {std::string(), std::string("===="), std::string("abc"), std::string("YQ=="), std::string("!!!!"),
          trigger_for("nobody", issued), std::string(4000, 'A'),
          trigger_for(std::string(bob_id) + ":" + alice_id, issued)}) {
        CAPTURE(wrong);
        CHECK_FALSE(read_trigger(wrong).has_value());
    }
}
