#include "ops/system_clock.hpp"
#include "support/run_coroutine.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <doctest/doctest.h>

using namespace hallpass;
using namespace std::chrono_literals;

TEST_CASE("an alarm passes, or is cut short by wake()") {
    boost::asio::io_context context;
    ops::system_clock clock(context.get_executor());
    const auto alarm = clock.make_alarm();
    bool passed = false;
    bool cut_short = true;
    test::run_coroutine(context, [&]() -> boost::asio::awaitable<void> {
        passed = co_await alarm->wait(1ms);
        boost::asio::post(context, [&] { alarm->wake(); });
        cut_short = !co_await alarm->wait(1h);
    });
    CHECK(passed);
    CHECK(cut_short);
}

TEST_CASE("a wake() that came while nobody waited ends the next wait") {
    boost::asio::io_context context;
    ops::system_clock clock(context.get_executor());
    const auto alarm = clock.make_alarm();
    bool passed = true;
    alarm->wake();
    test::run_coroutine(context, [&]() -> boost::asio::awaitable<void> {
        passed = co_await alarm->wait(1h);
    });
    CHECK_FALSE(passed);
}
