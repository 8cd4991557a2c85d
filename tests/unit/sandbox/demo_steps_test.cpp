#include "sandbox/demo_steps.hpp"

#include <doctest/doctest.h>

using hallpass::sandbox::listening_address;

TEST_CASE("where hallpass takes clicks is what its log says, once the line is whole") {
    const std::string before = "2026-11-24T11:50:01.000Z INFO starting instance=0123456789abcdef\n";
    const std::string line = "2026-11-24T11:50:01.100Z INFO listening address=127.0.0.1:40005 tls=no\n";
    CHECK(listening_address("").empty());
    CHECK(listening_address(before).empty());
    CHECK(listening_address(before + "2026-11-24T11:50:01.100Z INFO listening address=127.0.0.1:4").empty());
    CHECK(listening_address(before + line) == "127.0.0.1:40005");
}
