#include "support/run_coroutine.hpp"

#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <stdexcept>
#include <utility>

namespace hallpass::test {

void run_coroutine(
    boost::asio::io_context& context,
    std::function<boost::asio::awaitable<void>()> start,
    std::chrono::milliseconds limit
) {
    bool ended = false;
    std::exception_ptr thrown;
    boost::asio::co_spawn(context, std::move(start), [&](std::exception_ptr error) {
        ended = true;
        thrown = std::move(error);
    });
    const auto give_up = std::chrono::steady_clock::now() + limit;
    while (!ended && context.run_one_until(give_up) != 0) {
    }
    if (thrown) {
        std::rethrow_exception(thrown);
    }
    if (!ended) {
        throw std::runtime_error(
            "the coroutine has not ended within " + std::to_string(limit.count()) + " ms"
        );
    }
}

} // namespace hallpass::test
