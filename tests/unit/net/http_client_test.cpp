#include "client_fixture.hpp"
#include "net/http_client.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>

namespace hallpass::net {

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using test::always;
using test::client_fixture;
using test::get;
using test::ok;
using test::post;
using test::scripted_server;

std::string text_of(const result<ports::http_response>& outcome) {
    return outcome ? "answer " + std::to_string(outcome->status) : outcome.error().text();
}

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

} // namespace

TEST_CASE("the request is written as HTTP/1.1 has it, the answer read with its headers") {
    client_fixture fixture;
    std::string asked;
    scripted_server server(
        fixture.context,
        [&](std::unique_ptr<byte_stream> peer, int) -> asio::awaitable<void> {
            asked = co_await test::read_until(*peer, "body");
            co_await peer->write(ok("fine", "X-Thing: 1\r\n"));
        }
    );
    auto request = post(server.url("/a?b=c#d"), "body");
    request.headers.emplace_back("Authorization", "Bearer t");
    const auto answer = fixture.send(request);
    REQUIRE_MESSAGE(answer.has_value(), text_of(answer));
    CHECK(answer->status == 200);
    CHECK(answer->body == "fine");
    CHECK(answer->header("x-thing") == "1");
    CHECK(
        asked == "POST /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
                     "\r\nAuthorization: Bearer t\r\nUser-Agent: hallpass/" HALLPASS_VERSION
                     "\r\nContent-Length: 4\r\n\r\nbody"
    );
    CHECK(fixture.log.has("path=/a "));
    CHECK(!fixture.log.has("Bearer"));
}

TEST_CASE("calls one after the other use one connection") {
    client_fixture fixture;
    scripted_server server(fixture.context, always(ok()));
    for (int i = 0; i < 5; ++i) {
        const auto answer = fixture.send(post(server.url()));
        CHECK_MESSAGE(answer.has_value(), text_of(answer));
    }
    CHECK(server.connections() == 1);
}

TEST_CASE("many calls at once share a bounded number of connections") {
    client_options options;
    options.max_connections_per_host = 3;
    client_fixture fixture(options);
    scripted_server server(fixture.context, always(ok()));
    const std::vector<ports::http_request> requests(50, get(server.url()));
    for (const auto& answer : fixture.send_together(requests)) {
        CHECK_MESSAGE(answer.has_value(), text_of(answer));
    }
    CHECK(server.connections() == 3);
}

TEST_CASE("an answer that says close, and one that ends with the connection, are read whole") {
    client_fixture fixture;
    for (const std::string& answer :
         {ok("ok", "Connection: close\r\n"), std::string("HTTP/1.0 200 OK\r\n\r\nok"),
          std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n"),
          "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok()}) {
        CAPTURE(answer);
        scripted_server server(
            fixture.context,
            [&](std::unique_ptr<byte_stream> peer, int) -> asio::awaitable<void> {
                std::vector<std::string> answers{answer};
                co_await test::answer_each(std::move(peer), std::move(answers));
            }
        );
        const auto got = fixture.send(post(server.url()));
        REQUIRE_MESSAGE(got.has_value(), text_of(got));
        CHECK(got->body == "ok");
    }
}

TEST_CASE("a connection that the server closed while it rested is replaced before it is used") {
    client_fixture fixture;
    scripted_server server(
        fixture.context,
        [](std::unique_ptr<byte_stream> peer, int) -> asio::awaitable<void> {
            std::vector<std::string> answers{ok()};
            co_await test::answer_each(std::move(peer), std::move(answers));
        }
    );
    // Not repeatable, and yet never uncertain: the end of the connection is seen before the request is
    // written.
    for (int i = 0; i < 3; ++i) {
        const auto answer = fixture.send(post(server.url()));
        CHECK_MESSAGE(answer.has_value(), text_of(answer));
    }
    CHECK(server.connections() == 3);
}

TEST_CASE("a rested connection that dies under a request: repeated where that is safe, uncertain where not") {
    client_fixture fixture;
    // The first connection answers once and takes a second request without an answer.
    const auto play = [](std::unique_ptr<byte_stream> peer, int number) -> asio::awaitable<void> {
        co_await test::read_until(*peer, "\r\n\r\n");
        co_await peer->write(ok());
        co_await test::read_until(*peer, "\r\n\r\n");
        if (number > 0) {
            co_await peer->write(ok("second"));
        }
    };
    SUBCASE("repeatable") {
        scripted_server server(fixture.context, play);
        const auto first = fixture.send(post(server.url()));
        CHECK(first.has_value());
        auto request = post(server.url());
        request.repeatable = true;
        const auto second = fixture.send(request);
        REQUIRE_MESSAGE(second.has_value(), text_of(second));
        CHECK(server.connections() == 2);
    }
    SUBCASE("not repeatable") {
        scripted_server server(fixture.context, play);
        const auto first = fixture.send(post(server.url()));
        CHECK(first.has_value());
        const auto second = fixture.send(post(server.url()));
        REQUIRE(second.has_error());
        CHECK(second.error().kind() == fault_kind::transient);
        CHECK(second.error().uncertain());
        CHECK(has(second.error().text(), "the connection was closed without an answer"));
        CHECK(server.connections() == 1);
    }
}

TEST_CASE("connections that rest too long are closed") {
    client_options options;
    options.idle_timeout = 20ms;
    client_fixture fixture(options);
    asio::steady_timer closed(fixture.context, asio::steady_timer::time_point::max());
    scripted_server server(
        fixture.context,
        [&](std::unique_ptr<byte_stream> peer, int) -> asio::awaitable<void> {
            co_await test::read_until(*peer, "\r\n\r\n");
            co_await peer->write(ok());
            const std::string more = co_await test::read_all(*peer);
            CHECK(more.empty());
            closed.cancel();
        }
    );
    const auto answer = fixture.send(get(server.url()));
    CHECK(answer.has_value());
    fixture.run([&]() -> asio::awaitable<void> {
        co_await closed.async_wait(asio::as_tuple(asio::use_awaitable));
    });
}

TEST_CASE("a server that never answers: transient at the deadline, uncertain for a POST") {
    client_fixture fixture;
    scripted_server server(
        fixture.context,
        [](std::unique_ptr<byte_stream> peer, int) -> asio::awaitable<void> {
            co_await test::read_all(*peer);
        }
    );
    auto request = post(server.url("/slow?secret=1"));
    request.deadline = 50ms;
    const auto begun = std::chrono::steady_clock::now();
    const auto answer = fixture.send(request);
    const auto taken = std::chrono::steady_clock::now() - begun;
    REQUIRE(answer.has_error());
    CHECK(answer.error().kind() == fault_kind::transient);
    CHECK(answer.error().uncertain());
    CHECK(has(answer.error().text(), "/slow: no whole answer within 50 ms"));
    CHECK(!has(answer.error().text(), "secret"));
    CHECK(taken >= 50ms);
    CHECK(taken < 5s);
}

TEST_CASE("a path that holds a secret is in neither a log nor a fault") {
    client_fixture fixture;
    scripted_server server(
        fixture.context,
        [](std::unique_ptr<byte_stream> peer, int) -> asio::awaitable<void> {
            co_await test::read_all(*peer);
        }
    );
    auto request = post(server.url("/hooks/a-secret-token"));
    request.logged_as = "/hooks/…";
    request.deadline = 50ms;
    const auto answer = fixture.send(request);
    REQUIRE(answer.has_error());
    CHECK(has(answer.error().text(), "/hooks/…: no whole answer"));
    CHECK(!has(answer.error().text(), "a-secret-token"));
    CHECK(fixture.log.has("path=/hooks/…"));
    CHECK(!fixture.log.has("a-secret-token"));
}

TEST_CASE("a refused connection says so, after the attempts that are safe") {
    client_options options;
    options.first_backoff = 1ms;
    client_fixture fixture(options);
    scripted_server server(fixture.context, always(ok()));
    server.stop_listening();
    const auto answer = fixture.send(post("http://127.0.0.1:1/"));
    REQUIRE(answer.has_error());
    CHECK(answer.error().kind() == fault_kind::transient);
    CHECK(!answer.error().uncertain());
    CHECK(answer.error().text() == "POST http://127.0.0.1:1/: connecting to 127.0.0.1:1: Connection refused");
    CHECK(fixture.log.has("attempt=4"));
    CHECK(!fixture.log.has("attempt=5"));
}

TEST_CASE("a body or a header over the limit is malformed, and the connection is not used again") {
    client_fixture fixture;
    for (const std::string& answer :
         {ok(std::string(2000, 'x')),
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" + std::string(2000, 'x') +
              "\r\n0\r\n\r\n",
          "HTTP/1.1 200 OK\r\n\r\n" + std::string(2000, 'x'),
          ok("", "X: " + std::string(100'000, 'x') + "\r\n")}) {
        scripted_server server(fixture.context, always(answer));
        auto request = get(server.url());
        request.max_response_bytes = 1000;
        const auto got = fixture.send(request);
        REQUIRE(got.has_error());
        CHECK(got.error().kind() == fault_kind::malformed);
        CHECK(has(got.error().text(), "larger than"));
    }
}

TEST_CASE("garbage instead of an answer is malformed") {
    client_fixture fixture;
    for (const char* garbage :
         {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/3.0 200 OK\r\n\r\n", "HTTP/1.1 OK\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "HTTP/1.1 200 OK\nX: y\n\n"}) {
        CAPTURE(garbage);
        scripted_server server(fixture.context, always(garbage));
        const auto got = fixture.send(get(server.url()));
        REQUIRE(got.has_error());
        CHECK(got.error().kind() == fault_kind::malformed);
        CHECK(server.connections() == 1);
    }
}

TEST_CASE("an answer cut short at any byte is transient and, for a POST, uncertain") {
    client_fixture fixture;
    const std::string whole = ok("hello");
    for (std::size_t length = 0; length < whole.size(); ++length) {
        CAPTURE(length);
        scripted_server server(
            fixture.context,
            [&](std::unique_ptr<byte_stream> peer, int) -> asio::awaitable<void> {
                std::vector<std::string> answers{whole.substr(0, length)};
                co_await test::answer_each(std::move(peer), std::move(answers));
            }
        );
        const auto got = fixture.send(post(server.url()));
        REQUIRE(got.has_error());
        CHECK(got.error().kind() == fault_kind::transient);
        CHECK(got.error().uncertain());
        CHECK(server.connections() == 1);
    }
}

TEST_CASE("502, 503, 504 and lost answers are tried again only where the call is repeatable") {
    client_options options;
    options.first_backoff = 1ms;
    options.longest_backoff = 2ms;
    client_fixture fixture(options);
    int asked = 0;
    const auto play = [&](std::unique_ptr<byte_stream> peer, int number) -> asio::awaitable<void> {
        co_await test::read_until(*peer, "\r\n\r\n");
        ++asked;
        const std::string answer = number == 0 ? test::status(503, "Connection: close\r\n") : ok();
        if (number != 1) {
            co_await peer->write(answer);
        }
    };
    SUBCASE("repeatable") {
        scripted_server server(fixture.context, play);
        const auto got = fixture.send(get(server.url()));
        REQUIRE_MESSAGE(got.has_value(), text_of(got));
        CHECK(got->status == 200);
        CHECK(asked == 3);
    }
    SUBCASE("not repeatable: the 503 itself is the answer") {
        scripted_server server(fixture.context, play);
        const auto got = fixture.send(post(server.url()));
        REQUIRE_MESSAGE(got.has_value(), text_of(got));
        CHECK(got->status == 503);
        CHECK(asked == 1);
    }
    SUBCASE("500 is nobody's to repeat") {
        scripted_server server(fixture.context, always(test::status(500)));
        const auto got = fixture.send(get(server.url()));
        REQUIRE(got.has_value());
        CHECK(got->status == 500);
        CHECK(server.connections() == 1);
    }
    SUBCASE("the last 503 is the answer") {
        scripted_server server(fixture.context, always(test::status(503)));
        const auto got = fixture.send(get(server.url()));
        REQUIRE(got.has_value());
        CHECK(got->status == 503);
        CHECK(fixture.log.has("attempt=4"));
    }
}

TEST_CASE("after a 429 the key rests, other keys go on, and the call is made again, whatever it is") {
    client_fixture fixture;
    int limited = 0;
    scripted_server server(
        fixture.context,
        [&](std::unique_ptr<byte_stream> peer, int) -> asio::awaitable<void> {
            while (true) {
                const std::string asked = co_await test::read_until(*peer, "\r\n\r\n");
                if (asked.empty()) {
                    co_return;
                }
                const bool refuse = has(asked, "/slow") && limited == 0;
                limited += refuse ? 1 : 0;
                const std::string answer = refuse ? test::status(429, "Retry-After: 0.2\r\n") : ok();
                co_await peer->write(answer);
            }
        }
    );
    auto slow = post(server.url("/slow"));
    slow.pace_keys = {{"method"}, {"method slow"}};
    auto fast = post(server.url("/fast"));
    fast.pace_keys = {{"method"}, {"method fast"}};
    const auto begun = std::chrono::steady_clock::now();
    const auto got = fixture.send_together({slow, fast});
    const auto taken = std::chrono::steady_clock::now() - begun;
    REQUIRE_MESSAGE(got[0].has_value(), text_of(got[0]));
    CHECK(got[0]->status == 200);
    CHECK(got[1]->status == 200);
    CHECK(taken >= 200ms);

    limited = 0;
    slow.deadline = 100ms;
    const auto refused = fixture.send(slow);
    REQUIRE(refused.has_error());
    CHECK(refused.error().kind() == fault_kind::rate_limited);
    REQUIRE(refused.error().retry_after().has_value());
    CHECK(*refused.error().retry_after() > 50ms);
    CHECK(!refused.error().uncertain());
}

TEST_CASE("calls under a key with a least interval are spaced by it, whatever else they are counted under") {
    client_fixture fixture;
    scripted_server server(fixture.context, always(ok()));
    std::vector<ports::http_request> calls;
    for (int i = 0; i < 5; ++i) {
        calls.push_back(post(server.url()));
        calls.back().pace_keys = {{"service", 30ms}, {"method " + std::to_string(i)}};
    }
    const auto begun = std::chrono::steady_clock::now();
    const auto got = fixture.send_together(calls);
    const auto taken = std::chrono::steady_clock::now() - begun;
    for (const auto& one : got) {
        REQUIRE_MESSAGE(one.has_value(), text_of(one));
        CHECK(one->status == 200);
    }
    CHECK(taken >= 115ms);
}

TEST_CASE("a 429 without pace keys holds only that call") {
    client_fixture fixture;
    scripted_server server(fixture.context, always(test::status(429, "Retry-After: 60\r\n")));
    const auto got = fixture.send(post(server.url()));
    REQUIRE(got.has_error());
    CHECK(got.error().kind() == fault_kind::rate_limited);
    CHECK(*got.error().retry_after() == 60s);
    CHECK(has(got.error().text(), "asked to wait 60 s"));
}

TEST_CASE("a cancelled call ends at once as cancelled") {
    client_fixture fixture;
    bool asked = false;
    scripted_server server(
        fixture.context,
        [&](std::unique_ptr<byte_stream> peer, int) -> asio::awaitable<void> {
            co_await test::read_until(*peer, "\r\n\r\n");
            asked = true;
            co_await test::read_all(*peer);
        }
    );
    asio::cancellation_signal stop;
    std::optional<result<ports::http_response>> outcome;
    const auto call = [&]() -> asio::awaitable<void> {
        outcome = co_await fixture.client->send(get(server.url()));
    };
    asio::co_spawn(fixture.context, call(), asio::bind_cancellation_slot(stop.slot(), [](std::exception_ptr) {
                   }));
    fixture.run([&]() -> asio::awaitable<void> {
        while (!asked) {
            co_await asio::post(fixture.context, asio::use_awaitable);
        }
        stop.emit(asio::cancellation_type::terminal);
        while (!outcome) {
            co_await asio::post(fixture.context, asio::use_awaitable);
        }
    });
    REQUIRE(outcome->has_error());
    CHECK(outcome->error().kind() == fault_kind::cancelled);
}

TEST_CASE("closing the client ends its calls as cancelled, and waits for them") {
    client_fixture fixture;
    bool asked = false;
    scripted_server server(
        fixture.context,
        [&](std::unique_ptr<byte_stream> peer, int) -> asio::awaitable<void> {
            co_await test::read_until(*peer, "\r\n\r\n");
            asked = true;
            co_await test::read_all(*peer);
        }
    );
    std::optional<result<ports::http_response>> outcome;
    const auto call = [&]() -> asio::awaitable<void> {
        outcome = co_await fixture.client->send(get(server.url()));
    };
    asio::co_spawn(fixture.context, call(), [](std::exception_ptr) {});
    fixture.run([&]() -> asio::awaitable<void> {
        while (!asked) {
            co_await asio::post(fixture.context, asio::use_awaitable);
        }
        co_await fixture.client->close();
    });
    REQUIRE(outcome.has_value());
    REQUIRE(outcome->has_error());
    CHECK(outcome->error().kind() == fault_kind::cancelled);
    const auto after = fixture.send(get(server.url()));
    CHECK(after.error().kind() == fault_kind::cancelled);
}

TEST_CASE("a look-up that hangs ends at the deadline, is made once, and holds nobody else up") {
    std::mutex mutex;
    std::condition_variable released;
    bool release = false;
    int looked_up = 0;
    {
        client_options options;
        options.look_up = [&](const std::string& host) -> result<addresses> {
            if (host == "hangs.test") {
                std::unique_lock lock(mutex);
                ++looked_up;
                released.wait(lock, [&] { return release; });
                release = false;
                released.notify_all();
            }
            return addresses(1, asio::ip::address_v4::loopback());
        };
        client_fixture fixture(options);
        scripted_server server(fixture.context, always(ok()));
        auto hanging = get("http://hangs.test/");
        hanging.deadline = 60ms;
        const std::string port = std::to_string(server.port());
        const auto got = fixture.send_together({hanging, hanging, get("http://works.test:" + port + "/")});
        REQUIRE(got[0].has_error());
        CHECK(got[0].error().text() == "GET http://hangs.test/: looking up hangs.test took too long");
        CHECK(got[1].has_error());
        CHECK(got[2].has_value());
    }
    // The thread is let go only now: nothing waited for it.
    std::unique_lock lock(mutex);
    CHECK(looked_up == 1);
    release = true;
    released.notify_all();
    released.wait(lock, [&] { return !release; });
}

TEST_CASE("every address of a name is tried") {
    client_options options;
    options.look_up = [](const std::string&) -> result<addresses> {
        return addresses{asio::ip::make_address("127.0.0.2"), asio::ip::make_address("127.0.0.1")};
    };
    client_fixture fixture(options);
    scripted_server server(fixture.context, always(ok()));
    const auto got = fixture.send(get("http://two.test:" + std::to_string(server.port()) + "/"));
    CHECK_MESSAGE(got.has_value(), text_of(got));
}

TEST_CASE("requests that can't be written are refused before anything happens") {
    client_fixture fixture;
    CHECK(has(text_of(fixture.send(get("ftp://a/"))), "https:// or http://"));
    CHECK(has(text_of(fixture.send(get("http://u:p@a/"))), "user or a password"));
    CHECK(has(text_of(fixture.send(get("http://a/ b"))), "a space"));
    auto injected = get("http://a/");
    injected.headers.emplace_back("X", "a\r\nY: b");
    CHECK(has(text_of(fixture.send(injected)), "control character"));
}

} // namespace hallpass::net
