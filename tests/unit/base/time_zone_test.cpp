#include "base/time_zone.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using namespace std::chrono_literals;

TEST_CASE("a zone's clock changes with its summer time") {
    const auto berlin = find_time_zone("Europe/Berlin");
    REQUIRE(berlin);
    CHECK((*berlin)(*parse_rfc3339("2026-03-29T00:59:59Z")) == 1h);
    CHECK((*berlin)(*parse_rfc3339("2026-03-29T01:00:00Z")) == 2h);
    CHECK((*berlin)(*parse_rfc3339("2026-10-25T01:00:00Z")) == 1h);
    const auto new_york = find_time_zone("America/New_York");
    REQUIRE(new_york);
    CHECK((*new_york)(*parse_rfc3339("2026-07-01T00:00:00Z")) == -4h);
    const auto delhi = find_time_zone("Asia/Kolkata");
    REQUIRE(delhi);
    CHECK((*delhi)(*parse_rfc3339("2026-07-01T00:00:00Z")) == 5h + 30min);
}

TEST_CASE("what names no zone of the database is none, wherever else it may lead") {
    for (const char* name :
         {"", "Berlin", "Europe/Atlantis", "europe/berlin ", "/usr/share/zoneinfo/Europe/Berlin",
          "../zoneinfo/Europe/Berlin", "file:Europe/Berlin", "libc:localtime"}) {
        CAPTURE(name);
        CHECK_FALSE(find_time_zone(name));
    }
}
