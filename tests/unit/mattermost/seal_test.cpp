#include "desk_bench.hpp"
#include "services/mattermost/interaction.hpp"
#include "services/mattermost/once_only.hpp"
#include "services/mattermost/trigger.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::services;
using namespace hallpass::services::mattermost;
using namespace hallpass::test;
using namespace std::chrono_literals;

TEST_CASE("a seal is by the operator's secret, or by the token, and one doesn't open the other's") {
    const secret text("the same text");
    const seal by_token = seal_of(secret(), text);
    const std::string sealed = by_token.sealed("use", "words");
    CHECK(seal_of(secret(), text).opened("use", sealed) == std::optional<std::string_view>("words"));
    CHECK_FALSE(seal_of(text, secret("token")).opened("use", sealed).has_value());
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
