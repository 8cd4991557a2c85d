#include "teleport/server_version.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::teleport;

TEST_CASE("versions are ordered as Semantic Versioning orders them") {
    const char* ascending[] = {"1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta",
                               "1.0.0-beta",  "1.0.0-beta.2",  "1.0.0-beta.11",
                               "1.0.0-rc.1",  "1.0.0",         "1.0.1",
                               "1.2.0",       "10.0.0"};
    for (std::size_t i = 0; i + 1 < std::size(ascending); ++i) {
        CAPTURE(ascending[i]);
        CHECK(compare_versions(ascending[i], ascending[i + 1]).value() == -1);
        CHECK(compare_versions(ascending[i + 1], ascending[i]).value() == 1);
        CHECK(compare_versions(ascending[i], ascending[i]).value() == 0);
    }
    CHECK(compare_versions("v1.2.3+build", "1.2.3").value() == 0);
}

TEST_CASE("a server from 6.1.0-beta.1 on is taken") {
    for (const char* version : {"6.1.0-beta.1", "6.1.0", "17.2.0", "18.0.0-dev.1+abc"}) {
        CAPTURE(version);
        CHECK(check_server_version(version, "auth:3025").has_value());
    }
}

TEST_CASE("an older server, or one whose version can't be read, is refused by name") {
    for (const char* version :
         {"6.1.0-alpha.9", "6.0.9", "5.9.9", "", "17", "17.2", "17.2.x", "1.2.3.4", "latest"}) {
        CAPTURE(version);
        const result<void> checked = check_server_version(version, "auth:3025");
        REQUIRE_FALSE(checked.has_value());
        CHECK(checked.error().kind() == fault_kind::unsupported);
        CHECK(checked.error().text().find("auth:3025") != std::string::npos);
        CHECK(checked.error().text().find("6.1.0-beta.1 or newer") != std::string::npos);
    }
}
