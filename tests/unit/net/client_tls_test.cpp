#include "certificates.hpp"
#include "client_fixture.hpp"
#include "net/http_client.hpp"
#include "net/tls_stream.hpp"
#include "proxy_server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <string>

namespace hallpass::net {

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

asio::awaitable<server_response> greet(server_request request) {
    co_return server_response(200, request.method + " " + std::string(request.header("Host")));
}

// Every name is this machine, so that certificates can be for names.
client_options trusting(const test::authority& authority) {
    client_options options;
    options.extra_authorities_pem = {authority.certificate_pem()};
    options.first_backoff = 1ms;
    options.look_up = [](const std::string&) -> result<addresses> {
        return addresses(1, asio::ip::address_v4::loopback());
    };
    return options;
}

server_options identified(test::authority& authority, const std::string& names, int to_days = 1) {
    server_options options;
    options.tls = authority.issue(names, -2, to_days);
    return options;
}

std::string text_of(const result<ports::http_response>& outcome) {
    return outcome ? "answer " + std::to_string(outcome->status) : outcome.error().text();
}

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

} // namespace

TEST_CASE("over TLS, calls reuse a connection whose certificate is for the host") {
    test::authority authority;
    test::client_fixture fixture(trusting(authority));
    test::running_server server(
        fixture.context, identified(authority, "DNS:*.slack.test,IP:127.0.0.1"), greet
    );
    const std::string port = ":" + std::to_string(server.port());
    for (int i = 0; i < 3; ++i) {
        const auto named = fixture.send(test::post("https://api.slack.test" + port + "/"));
        REQUIRE_MESSAGE(named.has_value(), text_of(named));
        CHECK(named->body == "POST api.slack.test" + port);
    }
    const auto numbered = fixture.send(test::get("https://127.0.0.1" + port + "/"));
    CHECK_MESSAGE(numbered.has_value(), text_of(numbered));
}

TEST_CASE("a renewed certificate is for the next connection, and one that can't be used changes nothing") {
    test::authority authority;
    test::client_fixture fixture(trusting(authority));
    test::running_server server(fixture.context, identified(authority, "DNS:old.test"), greet);
    const std::string port = ":" + std::to_string(server.port());
    CHECK(has(text_of(fixture.send(test::post("https://new.test" + port + "/"))), "hostname mismatch"));
    CHECK(server.server().renew(authority.issue("DNS:new.test")).has_value());
    CHECK(text_of(fixture.send(test::post("https://new.test" + port + "/"))) == "answer 200");
    const result<void> refused = server.server().renew({"no certificate", secret("no key")});
    REQUIRE(refused.has_error());
    CHECK(refused.error().kind() == fault_kind::malformed);
    CHECK(text_of(fixture.send(test::post("https://new.test" + port + "/again"))) == "answer 200");
}

TEST_CASE("certificates of strangers, for other hosts or too old are refused, once, before anything is sent"
) {
    test::authority authority;
    test::authority stranger;
    test::client_fixture fixture(trusting(authority));

    struct example {
        server_options options;
        std::string host;
        std::string why;
    };

    const std::vector<example> examples = {
        {identified(stranger, "DNS:slack.test"), "slack.test", "unable to get local issuer certificate"},
        {identified(authority, "DNS:other.test"), "slack.test", "hostname mismatch"},
        {identified(authority, "DNS:*.test"), "a.b.test", "hostname mismatch"},
        {identified(authority, "IP:127.0.0.2"), "127.0.0.1", "IP address mismatch"},
        {identified(authority, "DNS:slack.test", -1), "slack.test", "certificate has expired"},
    };
    for (const example& given : examples) {
        test::running_server server(fixture.context, given.options, greet);
        const auto got =
            fixture.send(test::post("https://" + given.host + ":" + std::to_string(server.port()) + "/"));
        REQUIRE(got.has_error());
        CAPTURE(got.error().text());
        CHECK(got.error().kind() == fault_kind::transient);
        CHECK(!got.error().uncertain());
        CHECK(has(got.error().text(), given.why));
        CHECK(has(got.error().text(), "SSL_CERT_FILE"));
        CHECK(!fixture.log.has("attempt=2"));
        fixture.run([&]() -> asio::awaitable<void> { co_await server.stop(); });
    }
}

TEST_CASE("a server that speaks no TLS, or nothing, is no server for https") {
    test::authority authority;
    test::client_fixture fixture(trusting(authority));
    test::scripted_server plain(
        fixture.context,
        [](std::unique_ptr<byte_stream> peer, int) -> asio::awaitable<void> {
            co_await peer->write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
            co_await test::read_all(*peer);
        }
    );
    const auto got = fixture.send(test::get("https://slack.test:" + std::to_string(plain.port()) + "/"));
    REQUIRE(got.has_error());
    CHECK(has(got.error().text(), "TLS handshake with slack.test"));
    test::scripted_server mute(
        fixture.context,
        [](std::unique_ptr<byte_stream> peer, int) -> asio::awaitable<void> {
            co_await test::read_all(*peer);
        }
    );
    auto request = test::get("https://slack.test:" + std::to_string(mute.port()) + "/");
    request.deadline = 40ms;
    const auto late = fixture.send(request);
    REQUIRE(late.has_error());
    CHECK(has(late.error().text(), "the TLS handshake with slack.test took too long"));
}

TEST_CASE("a rested TLS connection that the server has closed is replaced before it is used") {
    test::authority authority;
    test::client_fixture fixture(trusting(authority));
    const server_identity identity = authority.issue("DNS:slack.test");
    const auto tls = make_server_tls_context(identity.certificate_chain_pem, identity.private_key_pem);
    asio::ip::tcp::acceptor acceptor(fixture.context, {asio::ip::address_v4::loopback(), 0});
    int connections = 0;
    // One answer a connection, which it doesn't announce to be the last.
    const auto serve = [&]() -> asio::awaitable<void> {
        while (true) {
            auto [error, socket] = co_await acceptor.async_accept(asio::as_tuple(asio::use_awaitable));
            if (error) {
                co_return;
            }
            ++connections;
            const auto stream = make_server_tls_stream(std::move(socket), *tls);
            co_await stream->handshake();
            co_await test::read_until(*stream, "\r\n\r\n");
            co_await stream->write(test::ok());
        }
    };
    asio::co_spawn(fixture.context, serve(), [](std::exception_ptr) {});
    const std::string url = "https://slack.test:" + std::to_string(acceptor.local_endpoint().port()) + "/";
    for (int i = 1; i <= 3; ++i) {
        const auto got = fixture.send(test::post(url));
        CHECK_MESSAGE(got.has_value(), text_of(got));
        CHECK(connections == i);
    }
}

TEST_CASE("https goes through a proxy by CONNECT with its password, http by the whole URL") {
    test::authority authority;
    client_options options = trusting(authority);
    asio::io_context context;
    test::captured_log log;
    test::proxy_server proxy(context, "Basic dTpwIHc=");
    const auto settings = read_proxy_settings([&](const char* name) -> std::optional<std::string> {
        const bool known = std::string_view(name) == "HTTPS_PROXY" || std::string_view(name) == "http_proxy";
        return known ? std::optional("http://u:p%20w@127.0.0.1:" + std::to_string(proxy.port()))
                     : std::nullopt;
    });
    REQUIRE(settings.has_value());
    options.proxies = *settings;
    const auto client = make_http_client(context.get_executor(), options, log);
    test::running_server secure(context, identified(authority, "DNS:slack.test"), greet);
    test::running_server plain(context, {}, greet);
    const std::string secure_host = "slack.test:" + std::to_string(secure.port());
    const std::string plain_host = "plain.test:" + std::to_string(plain.port());
    test::run_coroutine(context, [&]() -> asio::awaitable<void> {
        const auto tunnelled = co_await client->send(test::get("https://" + secure_host + "/x"));
        CHECK_MESSAGE(tunnelled.has_value(), text_of(tunnelled));
        const auto forwarded = co_await client->send(test::get("http://" + plain_host + "/y"));
        CHECK_MESSAGE(forwarded.has_value(), text_of(forwarded));
        CHECK(forwarded->body == "GET " + plain_host);
        co_await client->close();
        co_await secure.stop();
        co_await plain.stop();
    });
    REQUIRE(proxy.seen.size() == 2);
    CHECK(proxy.seen[0] == "CONNECT " + secure_host + " HTTP/1.1");
    CHECK(proxy.seen[1] == "GET http://" + plain_host + "/y HTTP/1.1");
}

TEST_CASE("a proxy that wants a password says so in the fault") {
    test::authority authority;
    client_options options = trusting(authority);
    asio::io_context context;
    test::captured_log log;
    test::proxy_server proxy(context, "Basic other");
    options.proxies.for_https.emplace();
    options.proxies.for_https->host = "127.0.0.1";
    options.proxies.for_https->port = proxy.port();
    const auto client = make_http_client(context.get_executor(), options, log);
    test::run_coroutine(context, [&]() -> asio::awaitable<void> {
        const auto got = co_await client->send(test::get("https://slack.test/"));
        REQUIRE(got.has_error());
        CHECK(has(
            got.error().text(), "refuses a tunnel to slack.test:443 with status 407; check user and password"
        ));
    });
}

} // namespace hallpass::net
