#include "certificates.hpp"
#include "net/http_server.hpp"
#include "net/tls_stream.hpp"
#include "peers.hpp"
#include "support/run_coroutine.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::net {

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using test::exchange;
using test::read_until;
using test::running_server;

asio::awaitable<server_response> echo(server_request request) {
    if (request.path == "/throw") {
        throw std::runtime_error("no such luck");
    }
    server_response response(
        200, request.method + " " + request.path + "?" + request.query + " " + request.body, "text/plain"
    );
    response.drop_connection = request.path == "/drop";
    co_return response;
}

// One connection, all the bytes at once, everything that came back.
std::string answer_to(std::string bytes, server_options options = {}) {
    asio::io_context context;
    running_server server(context, std::move(options), echo);
    std::string answer;
    test::run_coroutine(context, [&]() -> asio::awaitable<void> {
        answer = co_await exchange(context, server.port(), bytes);
        co_await server.stop();
    });
    return answer;
}

std::string get(std::string_view target) {
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
}

bool ends_with(std::string_view text, std::string_view end) {
    return text.ends_with(end);
}

} // namespace

TEST_CASE("two requests on one connection are answered in order, also when both come at once") {
    const std::string answer =
        answer_to("POST /a%20b?x=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi" + get("/c"));
    CHECK(answer.find("POST /a b?x=1 hi") != std::string::npos);
    CHECK(ends_with(answer, "GET /c? "));
}

TEST_CASE("a chunked body is put together") {
    const std::string answer =
        answer_to("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                  "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: t\r\n\r\n");
    CHECK(ends_with(answer, "POST /? abcde"));
}

TEST_CASE("HEAD has the length but not the body") {
    const std::string answer = answer_to("HEAD /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    CHECK(answer.find("Content-Length: 9\r\n") != std::string::npos);
    CHECK(ends_with(answer, "\r\n\r\n"));
}

TEST_CASE("the absolute form of a target is understood") {
    CHECK(ends_with(answer_to(get("http://a:80/x?y=z")), "GET /x?y=z "));
    CHECK(ends_with(answer_to(get("http://a")), "GET /? "));
}

TEST_CASE("what is wrong with a request decides the status") {
    struct example {
        std::string bytes;
        std::string status;
    };

    const std::string long_text(20'000, 'x');
    const std::vector<example> examples = {
        {get("/%zz"), "400"},
        {get("/%4"), "400"},
        {get("/%00"), "400"},
        {get("x"), "400"},
        {"GET / HTTP/1.1\r\n\r\n", "400"},
        {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400"},
        {"nonsense\r\n\r\n", "400"},
        {"GET / HTTP/2.0\r\nHost: a\r\n\r\n", "400"},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "400"},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "400"},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", "501"},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "400"},
        {"POST / HTTP/1.1\r\nHost: a\r\nExpect: magic\r\nContent-Length: 1\r\n\r\n", "417"},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n", "413"},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n", "413"},
        {"GET / HTTP/1.1\r\nHost: a\r\nX: " + long_text + "\r\n\r\n", "431"},
        {"GET /" + long_text + " HTTP/1.1\r\nHost: a\r\n\r\n", "431"},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;" + long_text, "431"},
    };
    for (const example& given : examples) {
        CAPTURE(given.bytes.substr(0, 120));
        CHECK(answer_to(given.bytes).substr(0, 12) == "HTTP/1.1 " + given.status);
    }
}

TEST_CASE("a client that asks for 100-continue gets it before it sends the body") {
    asio::io_context context;
    running_server server(context, {}, echo);
    test::run_coroutine(context, [&]() -> asio::awaitable<void> {
        const auto peer = co_await test::connect_to(context, server.port());
        co_await peer->write("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: "
                             "100-continue\r\nContent-Length: 2\r\n\r\n");
        const std::string interim = co_await read_until(*peer, "\r\n\r\n");
        CHECK(interim == "HTTP/1.1 100 Continue\r\n\r\n");
        co_await peer->write("ok");
        const std::string answer = co_await test::read_all(*peer);
        CHECK(ends_with(answer, "POST /? ok"));
        peer->abort();
        co_await server.stop();
    });
}

TEST_CASE("a handler that throws becomes a 500 and an error in the log") {
    asio::io_context context;
    running_server server(context, {}, echo);
    test::run_coroutine(context, [&]() -> asio::awaitable<void> {
        const std::string answer = co_await exchange(context, server.port(), get("/throw"));
        CHECK(answer.starts_with("HTTP/1.1 500 "));
        CHECK(answer.find("no such luck") == std::string::npos);
        CHECK(server.log.has("error http_server_handler_failed"));
        CHECK(server.log.has("no such luck"));
        co_await server.stop();
    });
}

TEST_CASE("drop_connection closes without an answer") {
    CHECK(answer_to(get("/drop")).empty());
}

TEST_CASE("a client that is too slow with its request is told 408 and cut") {
    server_options options;
    options.read_timeout = 30ms;
    CHECK(answer_to("POST / HTTP/1.1\r\nHost: a\r\nContent-Le", options).starts_with("HTTP/1.1 408 "));
    CHECK(answer_to("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab", options)
              .starts_with("HTTP/1.1 408 "));
}

TEST_CASE("a connection without a request is closed when the idle time is over") {
    server_options options;
    options.idle_timeout = 20ms;
    CHECK(answer_to("", options).empty());
}

TEST_CASE("a client that doesn't read its answer is cut") {
    asio::io_context context;
    server_options options;
    options.write_timeout = 50ms;
    const auto much = [](server_request) -> asio::awaitable<server_response> {
        co_return server_response(200, std::string(64 * 1024 * 1024, 'x'));
    };
    running_server server(context, options, much);
    test::run_coroutine(context, [&]() -> asio::awaitable<void> {
        const auto peer = co_await test::connect_to(context, server.port());
        co_await peer->write(get("/"));
        // stop() waits for the answer to be sent, which the limit ends.
        const std::string begin = co_await read_until(*peer, "HTTP/1.1 200");
        CHECK(begin.starts_with("HTTP/1.1 200"));
        co_await server.stop();
    });
}

TEST_CASE("more connections than allowed, all of them at work, are told 503") {
    asio::io_context context;
    asio::steady_timer release(context, asio::steady_timer::time_point::max());
    bool asked = false;
    const request_handler slow = [&](server_request) -> asio::awaitable<server_response> {
        asked = true;
        boost::system::error_code woken;
        co_await release.async_wait(asio::redirect_error(asio::use_awaitable, woken));
        co_return server_response(200, "late");
    };
    server_options options;
    options.max_connections = 1;
    running_server server(context, options, slow);
    test::run_coroutine(context, [&]() -> asio::awaitable<void> {
        const auto first = co_await test::connect_to(context, server.port());
        co_await first->write("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
        while (!asked) {
            co_await asio::post(context, asio::use_awaitable);
        }
        const std::string crowded = co_await exchange(context, server.port(), get("/"));
        CHECK(crowded.starts_with("HTTP/1.1 503 "));
        release.cancel();
        co_await server.stop();
    });
}

TEST_CASE("connections that are only held open give way to those that ask for something") {
    asio::io_context context;
    server_options options;
    options.max_connections = 3;
    running_server server(context, options, echo);
    test::run_coroutine(context, [&]() -> asio::awaitable<void> {
        std::vector<std::unique_ptr<byte_stream>> held;
        for (int i = 0; i < 12; ++i) {
            held.push_back(co_await test::connect_to(context, server.port()));
            co_await held.back()->write("GET /slow HTTP/1.1\r\n");
        }
        const std::string answer = co_await exchange(context, server.port(), get("/here"));
        CHECK(answer.starts_with("HTTP/1.1 200 "));
        const std::string oldest = co_await test::read_all(*held.front());
        CHECK(oldest.empty());
        co_await server.stop();
    });
}

TEST_CASE("closing cuts idle connections and lets an answer under way out") {
    asio::io_context context;
    asio::steady_timer release(context, asio::steady_timer::time_point::max());
    bool asked = false;
    const request_handler slow = [&](server_request) -> asio::awaitable<server_response> {
        asked = true;
        boost::system::error_code woken;
        co_await release.async_wait(asio::redirect_error(asio::use_awaitable, woken));
        co_return server_response(200, "late");
    };
    running_server server(context, {}, slow);
    test::run_coroutine(context, [&]() -> asio::awaitable<void> {
        const auto idle = co_await test::connect_to(context, server.port());
        const auto busy = co_await test::connect_to(context, server.port());
        co_await busy->write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        while (!asked) {
            co_await asio::post(context, asio::use_awaitable);
        }
        server.server().close();
        const std::string nothing = co_await test::read_all(*idle);
        CHECK(nothing.empty());
        release.cancel();
        const std::string answer = co_await test::read_all(*busy);
        CHECK(answer.find("Connection: close") != std::string::npos);
        CHECK(ends_with(answer, "late"));
        busy->abort();
        co_await server.stop();
    });
}

TEST_CASE("cancelling serve() ends every connection, the handlers included") {
    asio::io_context context;
    asio::steady_timer never(context, asio::steady_timer::time_point::max());
    bool asked = false;
    const request_handler stuck = [&](server_request) -> asio::awaitable<server_response> {
        asked = true;
        co_await never.async_wait(asio::use_awaitable);
        co_return server_response(200);
    };
    test::captured_log log;
    auto server = listen_http(context.get_executor(), {}, stuck, log);
    REQUIRE(server.has_value());
    asio::cancellation_signal stop;
    bool ended = false;
    asio::co_spawn(
        context, (*server)->serve(),
        asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr) { ended = true; })
    );
    test::run_coroutine(context, [&]() -> asio::awaitable<void> {
        const auto peer = co_await test::connect_to(context, test::port_of((*server)->address()));
        co_await peer->write(get("/"));
        while (!asked) {
            co_await asio::post(context, asio::use_awaitable);
        }
        stop.emit(asio::cancellation_type::terminal);
        const std::string answer = co_await test::read_all(*peer);
        CHECK(answer.empty());
        while (!ended) {
            co_await asio::post(context, asio::use_awaitable);
        }
    });
    CHECK(ended);
}

TEST_CASE("over TLS the same server answers, and a client without TLS gets nothing") {
    asio::io_context context;
    test::authority authority;
    server_options options;
    options.tls = authority.issue("DNS:slack.test");
    running_server server(context, options, echo);
    test::run_coroutine(context, [&]() -> asio::awaitable<void> {
        const std::string plain = co_await exchange(context, server.port(), get("/"));
        CHECK(plain.find("HTTP/1.1") == std::string::npos);
        const std::vector<std::string> trusted{authority.certificate_pem()};
        const auto tls = make_client_tls_context(trusted);
        asio::ip::tcp::socket socket(context);
        const asio::ip::tcp::endpoint at(asio::ip::address_v4::loopback(), server.port());
        co_await socket.async_connect(at, asio::use_awaitable);
        const auto stream = make_client_tls_stream(std::move(socket), *tls, "slack.test");
        const boost::system::error_code error = co_await stream->handshake();
        CHECK(!error);
        co_await stream->write(get("/x"));
        const std::string answer = co_await test::read_all(*stream);
        CHECK(ends_with(answer, "GET /x? "));
        stream->abort();
        co_await server.stop();
    });
}

TEST_CASE("addresses and identities that can't be used are refused with the reason") {
    asio::io_context context;
    test::captured_log log;
    server_options options;
    options.listen = "nonsense";
    const auto no_port = listen_http(context.get_executor(), options, echo, log);
    REQUIRE(no_port.has_error());
    CHECK(
        no_port.error().text() ==
        "can't listen on \"nonsense\": write it as host:port, such as 127.0.0.1:8081"
    );
    const auto first = listen_http(context.get_executor(), {}, echo, log);
    REQUIRE(first.has_value());
    options.listen = (*first)->address();
    const auto taken = listen_http(context.get_executor(), options, echo, log);
    REQUIRE(taken.has_error());
    CHECK(taken.error().text().find("Address already in use") != std::string::npos);
    options.listen = ":0";
    options.tls.emplace();
    const auto no_key = listen_http(context.get_executor(), options, echo, log);
    REQUIRE(no_key.has_error());
    CHECK(no_key.error().text().find("certificate chain") != std::string::npos);
}

} // namespace hallpass::net
