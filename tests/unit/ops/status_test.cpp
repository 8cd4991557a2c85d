#include "ops/status_json.hpp"
#include "ops/status_text.hpp"

#include <doctest/doctest.h>

using namespace hallpass;
using namespace std::chrono_literals;

namespace {

const instant noon = *parse_rfc3339("2026-03-01T12:00:00Z");

ops::instance_status idle() {
    ops::instance_status status;
    status.version = "1.2.3";
    status.instance = "0123456789abcdef";
    status.pid = 4242;
    status.as_of = noon;
    status.started = noon - 133min;
    status.configuration_read = noon - 133min;
    status.connected = true;
    status.connected_since = noon - 90s;
    status.address = "auth.example.com:3025";
    status.cluster = "example.com";
    ports::service_status slack;
    slack.service = "slack";
    status.services.push_back(slack);
    return status;
}

ports::delivery_status delivery(std::string recipient, ports::delivery_state state) {
    ports::delivery_status made;
    made.recipient = std::move(recipient);
    made.state = state;
    return made;
}

ops::instance_status busy() {
    ops::instance_status status = idle();
    ports::service_status& slack = status.services.front();
    slack.sent = 12;
    slack.failed = 1;
    slack.found_after_uncertain_send = 2;
    slack.skipped_after_uncertain_send = 1;
    ports::request_status request;
    request.id = "019c-1";
    request.user = "alice@example.com";
    request.state = access::request_state::pending;
    request.created = noon - 3min - 5s;
    request.deliveries.push_back(delivery("#access-requests", ports::delivery_state::done));
    request.deliveries.back().message = access::message_ref("C1", "1700000000.000100");
    request.deliveries.push_back(delivery("bob@example.com", ports::delivery_state::waiting));
    request.deliveries.back().why = "Slack chat.postMessage: ratelimited";
    request.deliveries.back().next_attempt = noon + 4s;
    request.deliveries.push_back(delivery("carol", ports::delivery_state::refused));
    request.deliveries.back().why = "Slack: no such channel; correct it";
    request.deliveries.push_back(delivery("alice@example.com", ports::delivery_state::owed));
    request.deliveries.back().is_requester = true;
    request.deliveries.push_back(delivery("dave", ports::delivery_state::sending));
    slack.requests.push_back(request);
    request = {};
    request.id = "019c-2";
    request.user = "mallory";
    request.state = access::request_state::approved;
    request.held_by = "fedcba9876543210";
    slack.requests.push_back(request);
    return status;
}

} // namespace

TEST_CASE("an idle instance is three lines and one for each service") {
    CHECK(
        ops::to_text(idle()) ==
        "hallpass 1.2.3, instance 0123456789abcdef, process 4242, started 2h13m ago\n"
        "  configuration  read 2h13m ago\n"
        "  teleport       connected to auth.example.com:3025 (cluster example.com) for 1m\n"
        "  slack          0 open requests, 0 sent, 0 failed attempts\n"
    );
}

TEST_CASE("each request shows its recipients, with why and when") {
    CHECK(
        ops::to_text(busy()) ==
        "hallpass 1.2.3, instance 0123456789abcdef, process 4242, started 2h13m ago\n"
        "  configuration  read 2h13m ago\n"
        "  teleport       connected to auth.example.com:3025 (cluster example.com) for 1m\n"
        "  slack          2 open requests, 12 sent, 1 failed attempt; of sends without an answer: 2 found, 1 "
        "skipped\n"
        "    019c-1  alice@example.com  PENDING  3m old\n"
        "      #access-requests               done\n"
        "      bob@example.com                waiting  next attempt in 4s: Slack chat.postMessage: "
        "ratelimited\n"
        "      carol                          refused  Slack: no such channel; correct it\n"
        "      alice@example.com (requester)  owed\n"
        "      dave                           sending\n"
        "    019c-2  mallory  APPROVED  instance fedcba9876543210 works on it\n"
    );
}

TEST_CASE("a paused service, a lost connection and a refused reload say why") {
    ops::instance_status status = idle();
    status.connected = false;
    status.why_not_connected = "connecting: Connection refused";
    status.reload_refused = "hallpass.toml:3: slack.token: must be a text";
    status.services.front().why_paused = "Slack: status 503";
    status.services.front().paused_until = noon - 1s;
    CHECK(
        ops::to_text(status) ==
        "hallpass 1.2.3, instance 0123456789abcdef, process 4242, started 2h13m ago\n"
        "  configuration  read 2h13m ago; a later reload was refused: hallpass.toml:3: slack.token: must be "
        "a "
        "text\n"
        "  teleport       not connected to auth.example.com:3025 for 1m: connecting: Connection refused\n"
        "  slack          0 open requests, 0 sent, 0 failed attempts\n"
        "    paused, next attempt now: Slack: status 503\n"
    );
    status.why_not_connected.clear();
    CHECK(ops::to_text(status).find("for 1m: still trying\n") != std::string::npos);
}

TEST_CASE("foreign text neither begins a line nor steers the terminal, and is cut where it is very long") {
    ops::instance_status status = busy();
    ports::request_status& request = status.services.front().requests.front();
    request.user = "eve\n    019c-9  root  APPROVED\x1b[2J";
    request.deliveries.clear();
    request.deliveries.push_back(delivery(
        "\xE2\x80\xAE\xC2\x9B"
        "31m\xE2\x81\xA6\xE2\x80\xA8x\xFF",
        ports::delivery_state::waiting
    ));
    request.deliveries.back().why = std::string(100'000, 'w');
    request.deliveries.push_back(delivery(std::string(5000, 'r'), ports::delivery_state::done));
    const std::string text = ops::to_text(status);
    CHECK(std::count(text.begin(), text.end(), '\n') == 8);
    CHECK(std::none_of(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F;
    }));
    for (const std::string_view hostile :
         {"\xE2\x80\xAE", "\xC2\x9B", "\xE2\x81\xA6", "\xE2\x80\xA8", "\xFF"}) {
        CHECK(text.find(hostile) == std::string::npos);
    }
    CHECK(text.size() < 1500);
    // JSON escapes what it must, and is whole again.
    const std::string json = ops::to_json(status);
    CHECK(json.find('\n') == std::string::npos);
    const auto back = ops::parse_instance_status(json);
    REQUIRE(back.has_value());
    CHECK(back->services.front().requests.front().user == request.user);
    CHECK(ops::to_text(*back) == text);
}

TEST_CASE("the status as JSON is what machines are promised") {
    ops::instance_status status = busy();
    ports::service_status& slack = status.services.front();
    slack.requests.resize(1);
    slack.requests.front().deliveries.resize(2);
    CHECK(
        ops::to_json(status) ==
        R"({"version":"1.2.3","instance":"0123456789abcdef","pid":4242,"as_of":"2026-03-01T12:00:00Z",)"
        R"("started":"2026-03-01T09:47:00Z","configuration":{"read":"2026-03-01T09:47:00Z"},)"
        R"("teleport":{"connected":true,"since":"2026-03-01T11:58:30Z","address":"auth.example.com:3025",)"
        R"("cluster":"example.com"},"services":[{"service":"slack","sent":12,"failed":1,)"
        R"("found_after_uncertain_send":2,"repeated_after_uncertain_send":0,"skipped_after_uncertain_send":1,)"
        R"("requests":[{"id":"019c-1","user":"alice@example.com","state":"PENDING",)"
        R"("created":"2026-03-01T11:56:55Z","deliveries":[{"recipient":"#access-requests","requester":false,)"
        R"("state":"done","conversation":"C1","message":"1700000000.000100"},{"recipient":"bob@example.com",)"
        R"("requester":false,"state":"waiting","why":"Slack chat.postMessage: ratelimited",)"
        R"("next_attempt":"2026-03-01T12:00:04Z"}]}]}]})"
    );
}

TEST_CASE("what is written as JSON is read back, to the second") {
    const auto whole = busy();
    const auto back = ops::parse_instance_status(ops::to_json(whole));
    REQUIRE(back.has_value());
    CHECK(ops::to_json(*back) == ops::to_json(whole));
    CHECK(ops::to_text(*back) == ops::to_text(whole));
}

TEST_CASE("what is no status is refused, and what is missing or of another type is left at its default") {
    for (const std::string_view wrong :
         {"", "nonsense", "[]", "{}", R"({"instance":7})", "{\"instance\":\"a\""}) {
        CAPTURE(wrong);
        CHECK(ops::parse_instance_status(wrong).error().kind() == fault_kind::malformed);
    }
    CHECK(ops::parse_instance_status(std::string(100'000, '[')).has_error());
    const auto read = ops::parse_instance_status(
        R"({"instance":"a","pid":"x","teleport":[],"services":[7,{"sent":-1,"requests":{}}]})"
    );
    REQUIRE(read.has_value());
    REQUIRE(read->services.size() == 1);
    CHECK(read->services.front().sent == 0);
    CHECK(ops::to_text(*read).find("process 0, started 0s ago") != std::string::npos);
}

TEST_CASE("durations are short") {
    CHECK(ops::short_duration(-1s) == "0s");
    CHECK(ops::short_duration(59'999ms) == "59s");
    CHECK(ops::short_duration(60s) == "1m");
    CHECK(ops::short_duration(24h - 1s) == "23h59m");
    CHECK(ops::short_duration(124h) == "5d4h");
}
