#include "support/run_coroutine.hpp"
#include "teleport/connection.hpp"
#include "teleport/gateway.hpp"
#include "teleport/transport/direct_dialler.hpp"
#include "unit/teleport/auth_server.hpp"
#include "unit/teleport/world.hpp"

#include <boost/asio/co_spawn.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <optional>

using namespace hallpass;
using namespace hallpass::teleport;
using namespace std::chrono_literals;
using boost::asio::awaitable;
using test::auth_behaviour;
using test::auth_server;
using test::pki;

namespace {

// The parts of a client, with limits short enough to be waited for.
struct hasty_parts {
    hasty_parts(
        const std::string& address,
        const std::string& identity_text,
        std::chrono::milliseconds init_limit,
        std::chrono::milliseconds list_interval = std::chrono::minutes(5)
    )
        : credentials_of({files.write("identity", identity_text), "", "", ""}, out),
          dialler(context.get_executor(), transport::parse_address(address).value()),
          sessions(context.get_executor(), address),
          details(context.get_executor(), sessions, time, out),
          calls(sessions, details, running, 200ms),
          link(
              {context, pump, credentials_of, dialler, sessions, running, time, out},
              options(address, init_limit, list_interval)
          ) {}

    static connection_options options(
        const std::string& address,
        std::chrono::milliseconds init_limit,
        std::chrono::milliseconds list_interval
    ) {
        connection_options made;
        made.peer = address;
        made.init_limit = init_limit;
        made.list_interval = list_interval;
        return made;
    }

    void close() {
        sessions.close();
        link.stop();
        context.restart();
        test::run_coroutine(context, [this]() -> awaitable<void> {
            co_await running.none(10s);
            co_await link.stopped();
        });
        pump.shut_down();
    }

    boost::asio::io_context context{1};
    test::temp_dir files;
    ops::system_clock time{context.get_executor()};
    test::recorded_log out;
    test::recorded_events events{context};
    completion_pump pump{context};
    in_flight running{context.get_executor()};
    credentials credentials_of;
    transport::direct_dialler dialler;
    session_slot sessions;
    enrich::enricher details;
    gateway calls;
    connection link;
};

ports::plugin_data_update some_update() {
    ports::plugin_data_update update;
    update.request_id = "r1";
    update.plugin = "slack";
    return update;
}

} // namespace

TEST_CASE("an event stream that does not begin in time is given up") {
    const pki cluster("main");
    auth_behaviour behaviour;
    behaviour.silent = true;
    auth_server auth(cluster, behaviour);
    hasty_parts here(auth.address(), cluster.identity_text("hallpass"), 50ms);
    std::string said;
    test::run_coroutine(here.context, [&]() -> awaitable<void> {
        const result<std::string> found = co_await here.link.probe();
        said = found ? "ok" : found.error().text();
    });
    here.close();
    CHECK(said == "WatchEvents: the event stream of " + auth.address() + " did not begin within 50 ms");
}

TEST_CASE("what the event stream never told of is found by listing again") {
    const pki cluster("main");
    auth_server auth(cluster);
    hasty_parts here(auth.address(), cluster.identity_text("hallpass"), 15s, 20ms);
    const auto log_end = [](const std::exception_ptr& error, const result<void>&) {
        if (error) {
            std::rethrow_exception(error);
        }
    };
    boost::asio::co_spawn(here.context, here.link.run(here.events), log_end);
    test::run_coroutine(here.context, [&]() -> awaitable<void> { co_await here.events.count(5); });
    here.close();
    REQUIRE(here.events.lines.size() >= 5);
    for (std::size_t i = 1; i < 5; ++i) {
        CHECK(here.events.lines[i].starts_with("listed"));
    }
    CHECK(auth.calls("Ping") == 1);
}

TEST_CASE("a call that hangs ends at its deadline, uncertain") {
    const pki cluster("main");
    auth_behaviour behaviour;
    behaviour.hangs_on_update = true;
    auth_server auth(cluster, behaviour);
    hasty_parts here(auth.address(), cluster.identity_text("hallpass"), 15s);
    std::optional<result<void>> outcome;
    const auto log_end = [](const std::exception_ptr& error, const result<void>&) {
        if (error) {
            std::rethrow_exception(error);
        }
    };
    boost::asio::co_spawn(here.context, here.link.run(here.events), log_end);
    test::run_coroutine(here.context, [&]() -> awaitable<void> {
        co_await here.events.count(2);
        const ports::plugin_data_update update = some_update();
        outcome.emplace(co_await here.calls.update_plugin_data(update));
    });
    here.close();
    REQUIRE_FALSE(outcome->has_value());
    CHECK(outcome->error().kind() == fault_kind::transient);
    CHECK(outcome->error().uncertain());
    CHECK(outcome->error().text() == "UpdatePluginData: " + auth.address() + " gave no answer in time");
}

TEST_CASE("a call without a connection waits for one until its deadline, and was certainly not made") {
    const pki cluster("main");
    hasty_parts here("127.0.0.1:1", cluster.identity_text("hallpass"), 15s);
    std::optional<result<void>> outcome;
    test::run_coroutine(here.context, [&]() -> awaitable<void> {
        const ports::plugin_data_update update = some_update();
        outcome.emplace(co_await here.calls.update_plugin_data(update));
    });
    here.close();
    REQUIRE_FALSE(outcome->has_value());
    CHECK(outcome->error().kind() == fault_kind::transient);
    CHECK_FALSE(outcome->error().uncertain());
    CHECK(outcome->error().text() == "not connected to 127.0.0.1:1");
}
