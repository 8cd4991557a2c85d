#include "base/time.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using namespace std::chrono_literals;

TEST_CASE("an instant is written as RFC 3339 and read back") {
    const instant at{1772357400123ms};
    CHECK(to_rfc3339(at) == "2026-03-01T09:30:00Z");
    CHECK(parse_rfc3339("2026-03-01T09:30:00Z") == instant{1772357400000ms});
    CHECK(parse_rfc3339("2026-03-01T09:30:00.123456Z") == at);
    CHECK(parse_rfc3339("2026-03-01T10:30:00+01:00") == instant{1772357400000ms});
}

TEST_CASE("what is no instant is refused") {
    for (const char* text :
         {"", "2026-03-01", "2026-02-30T00:00:00Z", "2026-03-01T24:00:00Z", "2026-03-01T09:30:00", "x",
          "2026-03-01 09:30:00Z", "2026-03-01T09:30:00+0100"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_rfc3339(text).has_value());
    }
}
