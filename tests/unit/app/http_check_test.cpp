// What `hallpass check` says of the callbacks' listener and its certificate.
#include "../net/certificates.hpp"
#include "app/http_check.hpp"
#include "net/http_server.hpp"
#include "net/listen_address.hpp"
#include "support/run_coroutine.hpp"
#include "support/temp_dir.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

using namespace hallpass;
namespace asio = boost::asio;

namespace {

struct bench {
    bench() {
        settings.listen_addr = "127.0.0.1:0";
        settings.public_addr = "https://hallpass.test:8443";
        settings.https_cert_file = folder.file("server.crt");
        settings.https_key_file = folder.file("server.key");
    }

    void install(const net::server_identity& certificate, const net::server_identity& key) {
        folder.write("server.crt", certificate.certificate_chain_pem);
        folder.write("server.key", std::string(key.private_key_pem.reveal()));
    }

    void install(const net::server_identity& both) { install(both, both); }

    // "FAIL http.https_cert_file: …" in one text, a line each.
    std::string said() {
        std::string all;
        owner.context.restart();
        test::run_coroutine(owner.context, [&]() -> asio::awaitable<void> {
            const std::vector<app::checked_line> lines =
                co_await app::check_http(owner, settings, folder.path().string());
            for (const app::checked_line& one : lines) {
                all += one.how == app::checked::well   ? "ok "
                       : one.how == app::checked::soon ? "SOON "
                                                       : "FAIL ";
                all += one.what + ": " + one.text + '\n';
            }
        });
        return all;
    }

    test::temp_dir folder;
    test::authority authority;
    app::process owner;
    config::http_section settings;
};

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("a certificate for the public address's host is well, until it ends") {
    bench all;
    all.install(all.authority.issue("DNS:hallpass.test", -1, 90));
    const std::string said = all.said();
    INFO(said);
    CHECK(
        has(said, "ok http.https_cert_file: " + all.settings.https_cert_file + " is for hallpass.test, until")
    );
    CHECK(has(said, "ok http.listen_addr: 127.0.0.1:0 is free"));
}

TEST_CASE("each thing that is wrong with a certificate is said with its file and what to do") {
    bench all;
    const auto other_key = all.authority.issue("DNS:hallpass.test", -1, 90);
    const auto other_host = all.authority.issue("DNS:elsewhere.test", -1, 90);
    all.install(other_host, other_key);
    const std::string strange = all.said();
    INFO(strange);
    CHECK(has(strange, "FAIL http.https_key_file: " + all.settings.https_key_file + " isn't the key of"));
    CHECK(has(strange, " isn't for hallpass.test; get a certificate for that name"));

    all.install(all.authority.issue("DNS:hallpass.test", -30, -1));
    CHECK(has(all.said(), "FAIL http.https_cert_file: " + all.settings.https_cert_file + " has expired on "));
    all.install(all.authority.issue("DNS:hallpass.test", -30, 13));
    CHECK(has(all.said(), "SOON http.https_cert_file: " + all.settings.https_cert_file + " expires on "));
    all.install(all.authority.issue("DNS:hallpass.test", 2, 90));
    CHECK(has(all.said(), " is valid only from "));
}

TEST_CASE("a certificate may be for an address, or for every name below one") {
    bench all;
    all.settings.public_addr = "https://192.0.2.7";
    all.install(all.authority.issue("IP:192.0.2.7", -1, 90));
    CHECK(has(all.said(), "ok http.https_cert_file"));
    all.settings.public_addr = "https://bot.hallpass.test";
    all.install(all.authority.issue("DNS:*.hallpass.test", -1, 90));
    CHECK(has(all.said(), "ok http.https_cert_file"));
    all.settings.public_addr = ""; // nobody knows under which name we are called
    CHECK(has(all.said(), "ok http.https_cert_file"));
}

TEST_CASE("files that aren't there or hold something else are told apart") {
    bench all;
    const std::string absent = all.said();
    INFO(absent);
    CHECK(has(absent, "FAIL http.https_cert_file: can't read " + all.settings.https_cert_file));
    CHECK(has(absent, "FAIL http.https_key_file: can't read " + all.settings.https_key_file));
    all.folder.write("server.crt", "no PEM");
    all.folder.write("server.key", "nor this");
    const std::string odd = all.said();
    INFO(odd);
    CHECK(has(odd, "server.crt holds no certificate"));
    CHECK(has(odd, "server.key holds no private key"));
}

TEST_CASE("an address that somebody holds is said, but not where that may be hallpass itself") {
    bench all;
    all.settings.https_cert_file = "";
    all.settings.https_key_file = "";
    auto holder = net::listen_on(all.owner.context.get_executor(), "127.0.0.1:0");
    REQUIRE(holder.has_value());
    all.settings.listen_addr = "127.0.0.1:" + std::to_string(holder->local_endpoint().port());
    const std::string taken = all.said();
    INFO(taken);
    CHECK(has(taken, "FAIL http.listen_addr: can't listen on"));
    CHECK(has(taken, "end what listens there"));

    net::server_options options;
    options.listen = "unix:" + all.folder.file("instance-0.sock");
    const auto answer = [](net::server_request) -> asio::awaitable<net::server_response> {
        co_return net::text_response(200, "{}");
    };
    auto running =
        net::listen_http(all.owner.context.get_executor(), std::move(options), answer, all.owner.log);
    REQUIRE(running.has_value());
    std::string beside;
    all.owner.context.restart();
    test::run_coroutine(all.owner.context, [&]() -> asio::awaitable<void> {
        asio::co_spawn(all.owner.context, (*running)->serve(), asio::detached);
        const std::vector<app::checked_line> lines =
            co_await app::check_http(all.owner, all.settings, all.folder.path().string());
        beside = lines.back().text;
        (*running)->close();
    });
    CHECK(has(beside, "wasn't tried, because a hallpass runs here"));
}
