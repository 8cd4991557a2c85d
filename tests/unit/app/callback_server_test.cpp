#include "../net/certificates.hpp"
#include "../net/peers.hpp"
#include "app/callback_server.hpp"
#include "support/run_coroutine.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace hallpass;
namespace asio = boost::asio;

namespace {

ports::callback_route says(std::string path, std::string text) {
    ports::callback_route route;
    route.path = std::move(path);
    route.answer = [text = std::move(text)](const ports::callback_request& asked
                   ) -> asio::awaitable<ports::callback_response> {
        const auto answer = [](std::string words,
                               std::string body) -> asio::awaitable<ports::callback_response> {
            ports::callback_response made;
            made.status = 200;
            made.body = words + " " + body;
            co_return made;
        };
        return answer(text, asked.body);
    };
    return route;
}

config::http_section plain() {
    config::http_section settings;
    settings.listen_addr = "127.0.0.1:0";
    settings.insecure = true;
    return settings;
}

struct bench {
    app::process owner;
    app::callback_server server{owner};

    // One connection: all the bytes at once, everything that came back.
    std::vector<std::string> answers(const std::vector<std::string>& each, bool close = true) {
        std::vector<std::string> all;
        owner.context.restart();
        test::run_coroutine(owner.context, [&]() -> asio::awaitable<void> {
            for (const std::string& bytes : each) {
                const auto port = test::port_of(server.address());
                std::string answer = co_await test::exchange(owner.context, port, bytes);
                all.push_back(std::move(answer));
            }
            if (close) {
                co_await server.close();
            }
        });
        return all;
    }
};

std::string call(const std::string& method, const std::string& path, const std::string& body = "") {
    return method + " " + path +
           " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

bool is(const std::string& answer, const std::string& status, const std::string& end) {
    return answer.starts_with("HTTP/1.1 " + status + " ") && answer.ends_with(end);
}

} // namespace

TEST_CASE("the public listener has the callbacks' paths and nothing else") {
    bench all;
    REQUIRE(all.server.prepare(plain(), {says("/one", "first"), says("/two", "second")}).has_value());
    all.server.commit();
    const auto got = all.answers({
        call("POST", "/one", "x=1"),
        call("POST", "/two"),
        call("GET", "/one"),
        call("POST", "/one/"),
        call("POST", "/status"),
        call("POST", "/one", std::string(300'000, 'x')),
    });
    CHECK(is(got[0], "200", "first x=1"));
    CHECK(is(got[1], "200", "second "));
    CHECK(is(got[2], "405", "only POST\n"));
    CHECK(is(got[3], "404", "nothing here\n"));
    CHECK(is(got[4], "404", "nothing here\n"));
    CHECK(got[5].starts_with("HTTP/1.1 413 "));
}

TEST_CASE("pages are got and posted to, below their path, and nothing else is") {
    bench all;
    ports::callback_route pages = says("/review/", "page");
    pages.pages = true;
    REQUIRE(all.server.prepare(plain(), {says("/one", "first"), pages}).has_value());
    all.server.commit();
    const auto got = all.answers({
        call("GET", "/review/abc"),
        call("POST", "/review/decide", "x=1"),
        call("PUT", "/review/abc"),
        call("GET", "/review"),
        call("GET", "/one"),
    });
    CHECK(is(got[0], "200", "page "));
    CHECK(is(got[1], "200", "page x=1"));
    CHECK(is(got[2], "405", "only GET, POST\n"));
    CHECK(is(got[3], "404", "nothing here\n"));
    CHECK(is(got[4], "405", "only POST\n"));
}

TEST_CASE("without routes nothing listens, whatever the section says") {
    bench all;
    REQUIRE(all.server.prepare(config::http_section(), {}).has_value());
    all.server.commit();
    CHECK(all.server.address().empty());
    all.answers({});
}

TEST_CASE("callbacks in the clear are only for who asked for them") {
    bench all;
    config::http_section settings = plain();
    settings.insecure = false;
    const result<void> refused = all.server.prepare(settings, {says("/one", "first")});
    REQUIRE(refused.has_error());
    CHECK(refused.error().text().find("https_cert_file") != std::string::npos);
    all.answers({});
}

TEST_CASE("a reload changes the routes and leaves the listener open") {
    bench all;
    REQUIRE(all.server.prepare(plain(), {says("/one", "first")}).has_value());
    all.server.commit();
    const std::string address = all.server.address();
    REQUIRE(all.server.prepare(plain(), {says("/one", "newer")}).has_value());
    CHECK(is(all.answers({call("POST", "/one")}, false)[0], "200", "first "));
    all.server.commit();
    CHECK(all.server.address() == address);
    CHECK(is(all.answers({call("POST", "/one")})[0], "200", "newer "));
}

TEST_CASE("an address that can't be had is told before anything changes") {
    bench all;
    REQUIRE(all.server.prepare(plain(), {says("/one", "first")}).has_value());
    all.server.commit();
    config::http_section taken = plain();
    taken.listen_addr = all.server.address();
    bench other;
    const result<void> refused = other.server.prepare(taken, {says("/one", "first")});
    REQUIRE(refused.has_error());
    CHECK(refused.error().text().find(taken.listen_addr) != std::string::npos);
    CHECK(is(all.answers({call("POST", "/one")})[0], "200", "first "));
    other.answers({});
}

TEST_CASE("a certificate that isn't there, or isn't one, is told with its key") {
    bench all;
    test::temp_dir folder;
    config::http_section settings = plain();
    settings.insecure = false;
    settings.https_cert_file = folder.file("absent.pem");
    settings.https_key_file = folder.write("key.pem", "no key");
    const result<void> absent = all.server.prepare(settings, {says("/one", "first")});
    REQUIRE(absent.has_error());
    CHECK(absent.error().text().find("http.https_cert_file") != std::string::npos);
    settings.https_cert_file = folder.write("cert.pem", "no certificate");
    CHECK(all.server.prepare(settings, {says("/one", "first")}).has_error());
    all.answers({});
}
