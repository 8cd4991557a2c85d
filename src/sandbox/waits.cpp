#include "sandbox/waits.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace hallpass::sandbox {

boost::asio::awaitable<void> waits::wait_for(std::chrono::milliseconds time) {
    if (closed_ || time.count() <= 0) {
        co_return;
    }
    const auto executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer timer(executor, time);
    const auto place = running_.insert(running_.end(), &timer);
    // An error here says only that the wait was cut short.
    co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    running_.erase(place);
}

void waits::cut_short() {
    for (boost::asio::steady_timer* timer : running_) {
        timer->cancel();
    }
}

void waits::close() {
    closed_ = true;
    cut_short();
}

} // namespace hallpass::sandbox
