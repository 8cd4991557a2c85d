#include "ops/forwarding_log.hpp"
#include "support/recorded_log.hpp"

#include <doctest/doctest.h>

using namespace hallpass;

TEST_CASE("events go to the newest target, and nowhere before there is one") {
    ops::forwarding_log out;
    CHECK_FALSE(out.enabled(ports::severity::error));
    out.error("lost");
    const auto first = std::make_shared<test::recorded_log>();
    const auto second = std::make_shared<test::recorded_log>();
    out.forward_to(first);
    CHECK(out.enabled(ports::severity::debug));
    out.info("one", {{"key", "value"}});
    out.forward_to(second);
    out.info("two");
    CHECK(first->lines == std::vector<std::string>{"one key=value"});
    CHECK(second->lines == std::vector<std::string>{"two"});
}
