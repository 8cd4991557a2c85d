// WebSocket connections, from our client to a server of ours, over TLS.
#include "certificates.hpp"
#include "client_fixture.hpp"
#include "net/websocket.hpp"
#include "net/websocket_client.hpp"
#include "peers.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace hallpass::net {

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

// A server that hands its WebSockets to the test.
struct websocket_world {
    websocket_world()
        : server(
              context, identified(), [this](server_request request) { return answer(std::move(request)); }
          ),
          client(make_websocket_client(context.get_executor(), trusting())) {}

    server_options identified() {
        server_options options;
        options.tls = authority.issue("DNS:gateway.test", -2, 1);
        return options;
    }

    client_options trusting() const {
        client_options options;
        options.extra_authorities_pem = {authority.certificate_pem()};
        options.look_up = [](const std::string&) -> result<addresses> {
            return addresses(1, asio::ip::address_v4::loopback());
        };
        return options;
    }

    asio::awaitable<server_response> answer(server_request request) {
        asked = request;
        server_response response(status, "no");
        if (status == 101) {
            response.upgraded = [this](std::unique_ptr<ports::websocket> made) { peer = std::move(made); };
        }
        co_return response;
    }

    std::string url(const std::string& target = "/link?ticket=1") const {
        return "wss://gateway.test:" + std::to_string(server.port()) + target;
    }

    // A connection, and `peer` on the other side of it.
    asio::awaitable<std::unique_ptr<ports::websocket>> open() {
        ports::websocket_request request(url());
        request.max_message_bytes = 1000;
        auto opened = co_await client->open(std::move(request));
        REQUIRE_MESSAGE(opened.has_value(), opened.error().text());
        co_return std::move(*opened);
    }

    void run(std::function<asio::awaitable<void>()> act) {
        test::run_coroutine(context, [this, act = std::move(act)]() -> asio::awaitable<void> {
            co_await act();
            peer.reset();
            co_await server.stop();
        });
    }

    asio::io_context context;
    test::authority authority;
    int status = 101;
    server_request asked;
    std::unique_ptr<ports::websocket> peer;
    test::running_server server;
    std::unique_ptr<ports::websocket_client> client;
};

asio::awaitable<std::string> next_from(ports::websocket& from) {
    const auto next = co_await from.receive(5s);
    if (!next) {
        co_return "fault: " + next.error().text();
    }
    co_return next->value_or("nothing in time");
}

} // namespace

TEST_CASE("over a WebSocket, texts arrive whole and in order, both ways") {
    websocket_world world;
    world.run([&]() -> asio::awaitable<void> {
        const auto ours = co_await world.open();
        CHECK(world.asked.path == "/link");
        CHECK(world.asked.query == "ticket=1");
        for (const char* text : {"one", "", "three"}) {
            CHECK(ours->send(text).has_value());
        }
        for (const char* text : {"one", "", "three"}) {
            const std::string came = co_await next_from(*world.peer);
            CHECK(came == text);
        }
        CHECK(world.peer->send(std::string(1000, 'x')).has_value());
        const std::string back = co_await next_from(*ours);
        CHECK(back.size() == 1000);
    });
}

TEST_CASE("a WebSocket on which nothing comes says so in time, and goes on") {
    websocket_world world;
    world.run([&]() -> asio::awaitable<void> {
        const auto ours = co_await world.open();
        const auto nothing = co_await ours->receive(10ms);
        REQUIRE(nothing.has_value());
        CHECK_FALSE(nothing->has_value());
        CHECK(world.peer->send("late").has_value());
        const std::string came = co_await next_from(*ours);
        CHECK(came == "late");
    });
}

TEST_CASE("a WebSocket that the other side closes tells its code, after what was sent before") {
    websocket_world world;
    world.run([&]() -> asio::awaitable<void> {
        const auto ours = co_await world.open();
        CHECK(world.peer->send("last").has_value());
        co_await world.peer->close(4004);
        const std::string last = co_await next_from(*ours);
        CHECK(last == "last");
        const auto after = co_await ours->receive(5s);
        REQUIRE(after.has_error());
        CHECK(after.error().kind() == fault_kind::transient);
        CHECK(after.error().text() == "the other side closed the connection, code 4004");
        CHECK(ours->close_code() == 4004);
        CHECK(ours->send("too late").has_error());
    });
}

TEST_CASE("a WebSocket that is cut ends as a failure that may pass, without a code") {
    websocket_world world;
    world.run([&]() -> asio::awaitable<void> {
        const auto ours = co_await world.open();
        world.peer.reset();
        const auto after = co_await ours->receive(5s);
        REQUIRE(after.has_error());
        CHECK(after.error().kind() == fault_kind::transient);
        CHECK_FALSE(ours->close_code().has_value());
    });
}

TEST_CASE("a message larger than agreed on ends the WebSocket as malformed") {
    websocket_world world;
    world.run([&]() -> asio::awaitable<void> {
        const auto ours = co_await world.open();
        CHECK(world.peer->send(std::string(1001, 'x')).has_value());
        const auto after = co_await ours->receive(5s);
        REQUIRE(after.has_error());
        CHECK(after.error().kind() == fault_kind::malformed);
    });
}

TEST_CASE("more than the other side reads is refused, not kept without end") {
    websocket_world world;
    world.run([&]() -> asio::awaitable<void> {
        const auto ours = co_await world.open();
        std::size_t taken = 0;
        while (taken < 100 && ours->send(std::string(100'000, 'x'))) {
            ++taken;
        }
        CHECK(taken < 100);
    });
}

TEST_CASE("a server that declines a WebSocket is reported by what its answer means") {
    const std::vector<std::pair<int, fault_kind>> answers{
        {401, fault_kind::unauthorised}, {403, fault_kind::unauthorised}, {404, fault_kind::permanent},
        {429, fault_kind::transient},    {503, fault_kind::transient},
    };
    for (const auto& [status, kind] : answers) {
        websocket_world world;
        world.status = status;
        world.run([&]() -> asio::awaitable<void> {
            ports::websocket_request request(world.url());
            const auto opened = co_await world.client->open(std::move(request));
            REQUIRE(opened.has_error());
            CHECK(opened.error().kind() == kind);
            CHECK(opened.error().text().find(std::to_string(status)) != std::string::npos);
            CHECK(opened.error().text().find("ticket") == std::string::npos);
        });
    }
}

TEST_CASE("a server that never answers is given up at the deadline") {
    asio::io_context context;
    auto client = make_websocket_client(context.get_executor(), {});
    test::scripted_server server(
        context,
        [](std::unique_ptr<byte_stream> peer, int) -> asio::awaitable<void> {
            std::array<char, 100> room{};
            bool open = true;
            while (open) {
                const auto [error, count] = co_await peer->read_some(room);
                open = !error;
            }
        }
    );
    test::run_coroutine(context, [&]() -> asio::awaitable<void> {
        ports::websocket_request request("ws://127.0.0.1:" + std::to_string(server.port()) + "/");
        request.deadline = 50ms;
        const auto opened = co_await client->open(std::move(request));
        REQUIRE(opened.has_error());
        CHECK(opened.error().kind() == fault_kind::transient);
        server.stop_listening();
    });
}

} // namespace hallpass::net
