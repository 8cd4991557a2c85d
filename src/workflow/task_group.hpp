// Owns every coroutine that is spawned: who it is, how to end it, what it threw.
#pragma once

#include "ports/log.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <vector>

namespace hallpass::workflow {

// On the io_context thread only. Must be joined before it dies.
class task_group {
public:
    task_group(boost::asio::any_io_executor executor, ports::log& out);
    ~task_group();
    task_group(const task_group&) = delete;
    task_group& operator=(const task_group&) = delete;

    // Aborts one task at its current await; nothing where it has ended.
    using canceller = std::function<void()>;

    // An exception of the task is logged under its name; then `ended` is called, where given.
    canceller spawn(std::string name, boost::asio::awaitable<void> task, std::function<void()> ended = {});

    // Aborts every task at its current await.
    void cancel();

    // Ends when no task is left.
    boost::asio::awaitable<void> join();

    std::size_t size() const noexcept;

private:
    struct state;
    std::shared_ptr<state> state_;
};

// Runs all of them at once and ends when the last has ended. An exception of one is rethrown then. Being
// cancelled, it cancels all and still waits.
boost::asio::awaitable<void> when_all(std::vector<boost::asio::awaitable<void>> tasks);

} // namespace hallpass::workflow
