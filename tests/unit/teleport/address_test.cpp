#include "teleport/transport/address.hpp"

#include <doctest/doctest.h>

using namespace hallpass::teleport::transport;

TEST_CASE("an address of the Auth Service is read in every usual spelling") {
    const std::pair<const char*, const char*> spellings[] = {
        {"localhost", "localhost:3025"},
        {"auth.example.com:443", "auth.example.com:443"},
        {" https://auth.example.com:3025 ", "auth.example.com:3025"},
        {"[::1]:3026", "[::1]:3026"},
        {"[::1]", "[::1]:3025"},
        {"10.0.0.1:65535", "10.0.0.1:65535"},
    };
    for (const auto& [written, meant] : spellings) {
        CAPTURE(written);
        const auto parsed = parse_address(written);
        REQUIRE(parsed.has_value());
        CHECK(to_string(*parsed) == meant);
    }
}

TEST_CASE("what is no address is refused with the key and the mend") {
    for (const char* written :
         {"", ":3025", "host:", "host:0", "host:65536", "host:x", "::1", "[::1", "[::1]x", "a b:1",
          "http://h:1"}) {
        CAPTURE(written);
        const auto parsed = parse_address(written);
        REQUIRE_FALSE(parsed.has_value());
        CHECK(parsed.error().text().find("teleport.addr") != std::string::npos);
        CHECK(parsed.error().text().find("host:port") != std::string::npos);
    }
}
