#include "unit/teleport/auth_server.hpp"
#include "unit/teleport/raw_peers.hpp"
#include "unit/teleport/world.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <doctest/doctest.h>

#include <optional>

using namespace hallpass;
using boost::asio::awaitable;
using hallpass::test::auth_behaviour;
using hallpass::test::auth_server;
using hallpass::test::pki;
using hallpass::test::world;

namespace {

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

ports::plugin_data_update some_update() {
    ports::plugin_data_update update;
    update.request_id = "r1";
    update.plugin = "slack";
    update.set["k"] = "v";
    return update;
}

} // namespace

TEST_CASE("a server that is too old ends run(), with its version and ours") {
    const pki cluster("main");
    auth_behaviour behaviour;
    SUBCASE("by its version") {
        behaviour.version = "6.0.3";
    }
    SUBCASE("because it has no Ping") {
        behaviour.has_ping = false;
    }
    auth_server auth(cluster, behaviour);
    world here(auth.address(), cluster.identity_text("hallpass"));
    const std::string said = here.run_to_fault();
    CAPTURE(said);
    CHECK(contains(said, "too old"));
    CHECK(contains(said, auth.address()));
    CHECK(contains(said, "6.1.0-beta.1 or newer"));
}

TEST_CASE("without a usable identity at the start, run() ends and names the file") {
    const pki cluster("main");
    const std::string good = cluster.identity_text("hallpass");
    std::string text;
    std::string expected;
    SUBCASE("cut short") {
        text = good.substr(0, good.size() / 2);
        expected = "is cut short";
    }
    SUBCASE("expired") {
        text = cluster.identity_text("hallpass", -60);
        expected = "the certificate expired at";
    }
    world here("127.0.0.1:1", text);
    const std::string said = here.run_to_fault();
    CAPTURE(said);
    CHECK(contains(said, "identity file " + here.identity_file));
    CHECK(contains(said, expected));
}

TEST_CASE("an identity file that is not there is named, with the reason") {
    world here("127.0.0.1:1", "", [](teleport::teleport_config& config) {
        config.identity_file = "/nowhere/id";
    });
    CHECK(
        here.run_to_fault() ==
        "identity file /nowhere/id can't be read: No such file or directory; check its path and permissions"
    );
}

TEST_CASE("an address that is none ends run()") {
    world here("nonsense:port", "");
    CHECK(contains(here.run_to_fault(), "teleport.addr is \"nonsense:port\""));
}

TEST_CASE("an event stream that does not begin with INIT is a fault that says so") {
    const pki cluster("main");
    auth_behaviour behaviour;
    behaviour.begins_with_init = false;
    auth_server auth(cluster, behaviour);
    world here(auth.address(), cluster.identity_text("hallpass"));
    CHECK(contains(here.probe(), "does not begin with INIT but with PUT"));
}

TEST_CASE("an Auth Service of another CA is refused, naming it and the identity file") {
    const pki cluster("main");
    const pki other("main");
    auth_server auth(other);
    world here(auth.address(), cluster.identity_text("hallpass"));
    const std::string said = here.probe();
    CAPTURE(said);
    CHECK(contains(
        said, "the certificate of " + auth.address() + " is not signed by the CA in identity file " +
                  here.identity_file
    ));
}

TEST_CASE("a server with the right CA but another name is no Auth Service") {
    const pki cluster("main");
    auth_server auth(cluster.issue_server("other.example.com"), cluster.ca_certificate());
    world here(auth.address(), cluster.identity_text("hallpass"));
    CHECK(contains(here.probe(), "is not that of an Auth Service (teleport.cluster.local)"));
}

TEST_CASE("a refusal of our certificate after the handshake, as TLS 1.3 has it, is reported and nothing hangs"
) {
    const pki cluster("main");
    const pki other("main");
    // The server's own certificate is trusted, ours is not.
    const test::raw_peer peer(cluster.issue_server(), other.ca_certificate(), "h2", "");
    world here(peer.address(), cluster.identity_text("hallpass"));
    const std::string said = here.probe();
    CAPTURE(said);
    CHECK(contains(said, peer.address() + " refused the certificate of identity file " + here.identity_file));
}

TEST_CASE("a server that refuses our certificate without a word is under that suspicion") {
    const pki cluster("main");
    const pki other("main");
    auth_server auth(cluster.issue_server(), other.ca_certificate());
    world here(auth.address(), cluster.identity_text("hallpass"));
    const std::string said = here.probe();
    CAPTURE(said);
    CHECK(contains(said, "it may not accept the certificate of identity file " + here.identity_file));
}

TEST_CASE("a server that agrees on no HTTP/2 is no Auth Service") {
    const pki cluster("main");
    const test::raw_peer peer(cluster.issue_server(), "", "", "");
    world here(peer.address(), cluster.identity_text("hallpass"));
    CHECK(contains(here.probe(), peer.address() + " does not speak HTTP/2"));
}

TEST_CASE("foreign bytes inside TLS end the session with a fault") {
    const pki cluster("main");
    const test::raw_peer peer(cluster.issue_server(), "", "h2", "HTTP/1.1 200 OK\r\n\r\nhello");
    world here(peer.address(), cluster.identity_text("hallpass"));
    const std::string said = here.probe();
    CAPTURE(said);
    CHECK(contains(said, "Ping: what " + peer.address() + " sends is no HTTP/2"));
}

TEST_CASE("bytes that only begin as HTTP/2 does end the session too") {
    const pki cluster("main");
    const std::string settings_then_junk = std::string("\0\0\0\4\0\0\0\0\0", 9) + std::string(200, '\xEE');
    const test::raw_peer peer(cluster.issue_server(), "", "h2", settings_then_junk);
    world here(peer.address(), cluster.identity_text("hallpass"));
    const std::string said = here.probe();
    CAPTURE(said);
    CHECK(contains(said, "Ping: " + peer.address()));
}

TEST_CASE("a server that speaks no TLS is told apart") {
    const test::raw_peer peer("HTTP/1.1 400 Bad Request\r\n\r\n");
    const pki cluster("main");
    world here(peer.address(), cluster.identity_text("hallpass"));
    CHECK(contains(here.probe(), peer.address() + " does not speak TLS"));
}

TEST_CASE("with fail_fast the first fault ends run()") {
    const test::raw_peer peer("SSH-2.0-OpenSSH_9.2\r\n");
    const pki cluster("main");
    world here(peer.address(), cluster.identity_text("hallpass"), [](teleport::teleport_config& config) {
        config.fail_fast = true;
    });
    CHECK(contains(here.run_to_fault(), peer.address()));
}

TEST_CASE("closing ends a call that hangs, a call that waits for a connection, and an open stream") {
    const pki cluster("main");
    auth_behaviour behaviour;
    behaviour.hangs_on_update = true;
    auth_server auth(cluster, behaviour);
    world here(auth.address(), cluster.identity_text("hallpass"));
    here.start();
    std::optional<result<void>> hung;
    here.play([&]() -> awaitable<void> {
        co_await here.events.count(2);
        boost::asio::co_spawn(
            here.context, here.client->gateway().update_plugin_data(some_update()),
            [&hung](const std::exception_ptr&, result<void> outcome) { hung.emplace(std::move(outcome)); }
        );
        const std::function<bool()> arrived = [&auth] { return auth.calls("UpdatePluginData") == 1; };
        co_await test::until("the call", arrived);
    });
    REQUIRE(hung.has_value());
    REQUIRE_FALSE(hung->has_value());
    CHECK(hung->error().kind() == fault_kind::cancelled);
    CHECK(hung->error().uncertain());
}

TEST_CASE("a cancelled call tells the server and comes back") {
    const pki cluster("main");
    auth_behaviour behaviour;
    behaviour.hangs_on_update = true;
    auth_server auth(cluster, behaviour);
    world here(auth.address(), cluster.identity_text("hallpass"));
    here.start();
    boost::asio::cancellation_signal stop;
    std::optional<result<void>> hung;
    here.play([&]() -> awaitable<void> {
        co_await here.events.count(2);
        const auto note = [&hung](const std::exception_ptr&, result<void> outcome) {
            hung.emplace(std::move(outcome));
        };
        boost::asio::co_spawn(
            here.context, here.client->gateway().update_plugin_data(some_update()),
            boost::asio::bind_cancellation_slot(stop.slot(), note)
        );
        const std::function<bool()> arrived = [&auth] { return auth.calls("UpdatePluginData") == 1; };
        co_await test::until("the call", arrived);
        stop.emit(boost::asio::cancellation_type::terminal);
        const std::function<bool()> back = [&hung] { return hung.has_value(); };
        co_await test::until("its end", back);
    });
    REQUIRE_FALSE(hung->has_value());
    CHECK(hung->error().kind() == fault_kind::cancelled);
}

TEST_CASE("a half-written identity file keeps the older one, a whole one is used for the next connection") {
    const pki cluster("main");
    auth_server auth(cluster);
    world here(auth.address(), cluster.identity_text("first"));
    here.start();
    here.play([&]() -> awaitable<void> {
        co_await here.events.count(2);
        here.files.write("identity", cluster.identity_text("second").substr(0, 300));
        auth.drop_watches();
        co_await here.events.count(4);
        here.files.write("identity", cluster.identity_text("second"));
        auth.drop_watches();
        co_await here.events.count(6);
    });
    CHECK(here.out.has("identity_kept reason=identity file " + here.identity_file));
    CHECK(here.out.has("user=second"));
}

TEST_CASE("a renewed identity is taken up while connected, without losing a call under way") {
    const pki cluster("main");
    auth_server auth(cluster);
    world here(auth.address(), cluster.identity_text("first"), [](teleport::teleport_config& config) {
        config.refresh_identity = true;
        config.refresh_identity_interval = std::chrono::milliseconds(10);
    });
    here.start();
    int failed = 0;
    here.play([&]() -> awaitable<void> {
        co_await here.events.count(2);
        here.files.write("identity", cluster.identity_text("second"));
        const ports::plugin_data_update update = some_update();
        while (!here.out.has("user=second")) {
            const result<void> done = co_await here.client->gateway().update_plugin_data(update);
            failed += done ? 0 : 1;
        }
        co_await here.events.count(4);
    });
    CHECK(failed == 0);
    CHECK(here.out.has("identity_renewed"));
    CHECK_FALSE(here.out.has("teleport_connection_lost"));
}
