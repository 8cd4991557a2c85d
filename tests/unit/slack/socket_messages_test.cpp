#include "services/slack/socket_messages.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

#include <string>
#include <variant>

using namespace hallpass::services::slack;

TEST_CASE("a greeting says whose connection it is, and how many there are") {
    const auto full = read_socket_message(
        R"({"type":"hello","num_connections":3,"connection_info":{"app_id":"A0123ABCD"},"debug_info":{}})"
    );
    REQUIRE(std::holds_alternative<socket_hello>(full));
    CHECK(std::get<socket_hello>(full).app == "A0123ABCD");
    CHECK(std::get<socket_hello>(full).connections == 3);
    const auto bare =
        read_socket_message(R"({"type":"hello","num_connections":-1,"connection_info":{"app_id":"a b"}})");
    REQUIRE(std::holds_alternative<socket_hello>(bare));
    CHECK(std::get<socket_hello>(bare).app.empty());
    CHECK(std::get<socket_hello>(bare).connections == 0);
}

TEST_CASE("a parting is a move, unless Socket Mode is switched off") {
    for (const char* reason : {"warning", "refresh_requested", "something new", ""}) {
        const auto read =
            read_socket_message(R"({"type":"disconnect","reason":")" + std::string(reason) + "\"}");
        REQUIRE(std::holds_alternative<socket_parting>(read));
        CHECK(std::get<socket_parting>(read) == socket_parting::moving);
    }
    const auto off = read_socket_message(R"({"type":"disconnect","reason":"link_disabled"})");
    REQUIRE(std::holds_alternative<socket_parting>(off));
    CHECK(std::get<socket_parting>(off) == socket_parting::disabled);
}

TEST_CASE("an envelope is read, and what isn't one is nothing") {
    const auto read = read_socket_message(
        R"({"type":"interactive","envelope_id":"1d3c-a.b_c","accepts_response_payload":true,"payload":{"a":1}})"
    );
    REQUIRE(std::holds_alternative<socket_envelope>(read));
    const auto& envelope = std::get<socket_envelope>(read);
    CHECK(envelope.id == "1d3c-a.b_c");
    CHECK(envelope.interactive);
    CHECK(envelope.takes_payload);
    CHECK(envelope.payload.at("a") == 1);
    const auto other = read_socket_message(R"({"type":"events_api","envelope_id":"1","payload":[]})");
    REQUIRE(std::holds_alternative<socket_envelope>(other));
    CHECK_FALSE(std::get<socket_envelope>(other).interactive);
    CHECK_FALSE(std::get<socket_envelope>(other).takes_payload);
    const std::string large = R"({"type":"interactive","envelope_id":"1","payload":{"a":")" +
                              std::string(largest_socket_message, 'x') + "\"}}";
    for (const std::string& bad :
         {std::string(), std::string("null"), std::string(R"({"type":"interactive"})"),
          std::string(R"({"type":"interactive","envelope_id":7})"),
          R"({"type":"interactive","envelope_id":")" + std::string(129, '1') + "\"}",
          std::string(R"({"type":"interactive","envelope_id":"a\"b"})"), std::string(1000, '['), large}) {
        CHECK(std::holds_alternative<std::monostate>(read_socket_message(bad)));
    }
}

TEST_CASE("an acknowledgement has the answer, where there is one") {
    CHECK(acknowledgement("e-1") == R"({"envelope_id":"e-1"})");
    CHECK(acknowledgement("e-1", R"({"a":[1]})") == R"({"envelope_id":"e-1","payload":{"a":[1]}})");
}
