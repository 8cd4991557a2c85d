#include "ops/system_clock.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace hallpass::ops {

namespace asio = boost::asio;

namespace {

class timer_alarm final : public ports::alarm {
public:
    explicit timer_alarm(const asio::any_io_executor& executor) : timer_(executor) {}

    asio::awaitable<bool> wait(std::chrono::milliseconds at_most) override {
        if (woken_) {
            woken_ = false;
            co_return false;
        }
        timer_.expires_after(at_most);
        boost::system::error_code ended;
        co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ended));
        const bool passed = !ended && !woken_;
        woken_ = false;
        co_return passed;
    }

    void wake() override {
        woken_ = true;
        timer_.cancel();
    }

private:
    asio::steady_timer timer_;
    bool woken_ = false;
};

} // namespace

system_clock::system_clock(asio::any_io_executor executor) : executor_(std::move(executor)) {}

instant system_clock::now() const {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::unique_ptr<ports::alarm> system_clock::make_alarm() {
    return std::make_unique<timer_alarm>(executor_);
}

} // namespace hallpass::ops
