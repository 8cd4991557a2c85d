#include "socket_bench.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using namespace hallpass::test;
using namespace std::chrono_literals;
using access::verdict;
namespace json = boost::json;

namespace {

constexpr const char* ok = R"({"ok":true})";

std::string disconnect(std::string_view reason) {
    return R"({"type":"disconnect","reason":")" + std::string(reason) + "\"}";
}

} // namespace

TEST_CASE("a connection that isn't greeted in time is given up, and another tried after a second") {
    socket_bench all;
    all.line(0).let_wait_pass();
    all.settle();
    CHECK(all.logged("slack_socket_not_open"));
    CHECK(all.line(0).ended);
    CHECK(all.time.next() == 1000ms);
    all.next_address();
    all.time.advance(1s);
    all.settle();
    CHECK(all.sockets.lines.size() == 3);
}

TEST_CASE("a greeting that isn't one, and an address that isn't Slack's, are failed tries") {
    socket_bench all(1);
    CHECK(all.sockets.asked.size() == 1);
    all.line(0).say("<html>");
    all.settle();
    CHECK(all.logged("greeting isn't one"));
    for (const char* url : {"ws://slack.example/", "https://slack.example/", "file:///etc/passwd", ""}) {
        all.next_answer(R"({"ok":true,"url":")" + std::string(url) + "\"}");
        all.time.advance(60s);
        all.settle();
        CHECK(all.sockets.asked.size() == 1);
    }
    CHECK(all.logged("no address that begins with wss://"));
}

TEST_CASE("pauses between tries grow by chance, from a second to a minute") {
    socket_bench all;
    all.sockets.refuses = true;
    all.line(0).end();
    all.settle();
    std::chrono::milliseconds longest{0};
    for (int i = 0; i < 60; ++i) {
        const auto pause = all.time.next();
        REQUIRE(pause);
        CHECK(*pause >= 1s);
        CHECK(*pause <= 60s);
        longest = std::max(longest, *pause);
        all.next_address();
        all.time.advance(*pause);
        all.settle();
    }
    CHECK(longest > 10s);
    CHECK(all.sockets.asked.size() == 62);
}

TEST_CASE("a wait that Slack asks for is waited") {
    socket_bench all(0);
    // The script is at its end: both are refused.
    CHECK(all.time.next() == 60s);
    all.around.http.script.emplace_back(
        answer(R"({"ok":false,"error":"ratelimited"})", 429, {{"Retry-After", "90"}})
    );
    all.around.http.script.emplace_back(
        answer(R"({"ok":false,"error":"ratelimited"})", 429, {{"Retry-After", "90"}})
    );
    all.time.advance(60s);
    all.settle();
    CHECK(all.time.next() == 90s);
}

TEST_CASE("a connection that Slack moves is replaced at once, and used until Slack closes it") {
    for (const char* reason : {"warning", "refresh_requested"}) {
        CAPTURE(reason);
        socket_bench all;
        all.greet();
        all.next_address();
        all.line(0).say(disconnect(reason));
        all.settle();
        REQUIRE(all.sockets.lines.size() == 3);
        all.next_answer(R"({"ok":true,"user_id":"U1","bot_id":"B1","team_id":"T0000OWN1"})");
        all.next_answer(ok);
        all.send(0, "e-1", click_payload(verdict::approve));
        CHECK(all.answer_on(0) == json::object{{"envelope_id", "e-1"}});
        all.greet();
        CHECK(all.count_logged("slack_socket_open") == 3);
        CHECK_FALSE(all.line(0).ended);
        all.line(0).end();
        all.settle();
        CHECK(all.logged("slack_socket_left"));
        CHECK_FALSE(all.line(2).ended);
    }
}

TEST_CASE("an old connection that Slack doesn't close is closed by us") {
    socket_bench all;
    all.greet();
    all.next_address();
    all.line(0).say(disconnect("refresh_requested"));
    all.settle();
    all.time.advance(15s);
    all.line(0).let_wait_pass();
    all.settle();
    CHECK(all.line(0).closed_with == 1000);
}

TEST_CASE("connections that are moved again and again are opened with pauses") {
    socket_bench all;
    all.greet();
    all.next_address();
    all.line(0).say(disconnect("warning"));
    all.settle();
    all.greet();
    all.line(2).say(disconnect("warning"));
    all.settle();
    CHECK(all.sockets.lines.size() == 3);
    const auto pause = all.time.next();
    REQUIRE(pause);
    CHECK(*pause >= 1s);
}

TEST_CASE("where Socket Mode is switched off, the log says once what to do, and it is tried each minute") {
    socket_bench all;
    all.greet();
    all.line(0).say(disconnect("link_disabled"));
    all.line(1).say(disconnect("link_disabled"));
    all.settle();
    CHECK(all.count_logged("slack_socket_refused") == 1);
    CHECK(all.logged("switch it on"));
    CHECK(all.line(0).closed_with == 1000);
    CHECK(all.time.next() == 60s);
    all.next_address();
    all.next_address();
    all.time.advance(60s);
    all.settle();
    CHECK(all.sockets.lines.size() == 4);
}

TEST_CASE("a token that Slack refuses is one line of the log, with the mend, and tried each minute") {
    for (const char* code : {"invalid_auth", "not_allowed_token_type", "missing_scope"}) {
        CAPTURE(code);
        socket_bench all(0);
        for (int i = 0; i < 4; ++i) {
            all.next_answer(
                R"({"ok":false,"error":")" + std::string(code) + R"(","needed":"connections:write"})"
            );
        }
        all.time.advance(60s);
        all.settle();
        CHECK(all.time.next() == 60s);
        all.time.advance(60s);
        all.settle();
        CHECK(all.count_logged(code) == 1);
        CHECK(all.logged("connections:write"));
        CHECK(all.logged("xapp-..."));
        CHECK(all.sockets.asked.empty());
    }
}

TEST_CASE("connections of another app than the bot's are refused, with what to do") {
    socket_bench all;
    all.next_answer(
        R"({"ok":true,"user":"hallpass","team":"T","url":"u","bot_id":"B1","team_id":"T0000OWN1"})"
    );
    all.next_answer(R"({"ok":true,"bot":{"id":"B1","app_id":"A0000BOT1"}})");
    all.next_address();
    const auto checked = all.around.run([&] { return all.slack.check(); });
    REQUIRE(checked.has_value());
    CHECK(checked->find("Socket Mode takes connections") != std::string::npos);
    all.greet("A0000XXX1");
    CHECK(all.count_logged("slack_socket_open") == 0);
    CHECK(all.logged("app_token is of the app A0000XXX1"));
    CHECK(all.time.next() == 60s);
}

TEST_CASE("a check fails where Slack refuses the app-level token") {
    socket_bench all;
    all.next_answer(
        R"({"ok":true,"user":"hallpass","team":"T","url":"u","bot_id":"B1","team_id":"T0000OWN1"})"
    );
    all.next_answer(R"({"ok":false,"error":"missing_scope","needed":"users:read"})");
    all.next_answer(R"({"ok":false,"error":"invalid_auth"})");
    const auto checked = all.around.run([&] { return all.slack.check(); });
    REQUIRE(checked.has_error());
    CHECK(checked.error().kind() == fault_kind::unauthorised);
    CHECK(checked.error().text().find("connections:write") != std::string::npos);
}
