// Runs one coroutine to its end on an io_context of its own, on this thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>

namespace hallpass::test {

// Rethrows what the coroutine threw; throws where it has not ended within the limit. `start` makes the
// coroutine, so that the objects it uses can be made on the same context first.
void run_coroutine(
    boost::asio::io_context& context,
    std::function<boost::asio::awaitable<void>()> start,
    std::chrono::milliseconds limit = std::chrono::seconds(30)
);

} // namespace hallpass::test
