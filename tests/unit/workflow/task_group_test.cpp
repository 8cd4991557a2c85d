#include "support/recorded_log.hpp"
#include "support/run_coroutine.hpp"
#include "workflow/task_group.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <doctest/doctest.h>

#include <stdexcept>

using namespace hallpass;
namespace asio = boost::asio;

namespace {

asio::awaitable<void> wait_for_ever(asio::io_context& context) {
    asio::steady_timer timer(context, asio::steady_timer::time_point::max());
    co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<void> count(int& counter) {
    co_await asio::post(asio::use_awaitable);
    ++counter;
}

asio::awaitable<void> fail(const char* why) {
    co_await asio::post(asio::use_awaitable);
    throw std::runtime_error(why);
}

} // namespace

TEST_CASE("a group is joined when its last task has ended, and a task's exception is in the log") {
    asio::io_context context;
    test::recorded_log log;
    workflow::task_group group(context.get_executor(), log);
    int counter = 0;
    int ended = 0;
    group.spawn("counts", count(counter), [&] { ++ended; });
    group.spawn("fails", fail("on purpose"), [&] { ++ended; });
    test::run_coroutine(context, [&] { return group.join(); });
    CHECK(counter == 1);
    CHECK(ended == 2);
    CHECK(group.size() == 0);
    CHECK(log.has("task_failed task=fails error=on purpose"));
}

TEST_CASE("a cancelled group ends, and says nothing of it") {
    asio::io_context context;
    test::recorded_log log;
    workflow::task_group group(context.get_executor(), log);
    group.spawn("waits", wait_for_ever(context));
    group.spawn("waits too", wait_for_ever(context));
    asio::post(context, [&] { group.cancel(); });
    test::run_coroutine(context, [&] { return group.join(); });
    CHECK(log.lines.empty());
}

TEST_CASE("when_all ends with the last task, and rethrows what one threw") {
    asio::io_context context;
    int counter = 0;
    std::string thrown;
    test::run_coroutine(context, [&]() -> asio::awaitable<void> {
        std::vector<asio::awaitable<void>> tasks;
        tasks.push_back(count(counter));
        tasks.push_back(fail("one of them"));
        tasks.push_back(count(counter));
        try {
            co_await workflow::when_all(std::move(tasks));
        } catch (const std::exception& error) {
            thrown = error.what();
        }
    });
    CHECK(counter == 2);
    CHECK(thrown == "one of them");
}

TEST_CASE("cancelling a task that waits in when_all cancels what it waits for, and joins it") {
    asio::io_context context;
    test::recorded_log log;
    workflow::task_group group(context.get_executor(), log);
    const auto gather = [](asio::io_context& where) -> asio::awaitable<void> {
        std::vector<asio::awaitable<void>> tasks;
        tasks.push_back(wait_for_ever(where));
        tasks.push_back(wait_for_ever(where));
        co_await workflow::when_all(std::move(tasks));
    };
    group.spawn("gathers", gather(context));
    context.poll();
    group.cancel();
    test::run_coroutine(context, [&] { return group.join(); });
    CHECK(group.size() == 0);
    CHECK(log.lines.empty());
}
