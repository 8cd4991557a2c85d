#include "simulation/virtual_clock.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace hallpass::simulation {

namespace asio = boost::asio;

class virtual_clock::sleeper final : public ports::alarm {
public:
    explicit sleeper(virtual_clock& clock)
        : clock_(&clock), ended_(*clock.context_, asio::steady_timer::time_point::max()) {}

    ~sleeper() override { forget(); }

    asio::awaitable<bool> wait(std::chrono::milliseconds at_most) override {
        if (!woken_) {
            forget();
            place_ = clock_->sleeping_.emplace(clock_->now_ + at_most, this);
            asleep_ = true;
            boost::system::error_code ignored;
            co_await ended_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        }
        const bool passed = due_ && !woken_;
        forget();
        due_ = false;
        woken_ = false;
        co_return passed;
    }

    void wake() override {
        woken_ = true;
        ended_.cancel();
    }

    void time_has_come() {
        asleep_ = false;
        due_ = true;
        ended_.cancel();
    }

private:
    void forget() {
        if (asleep_) {
            clock_->sleeping_.erase(place_);
            asleep_ = false;
        }
    }

    virtual_clock* clock_;
    asio::steady_timer ended_;
    std::multimap<instant, sleeper*>::iterator place_;
    bool asleep_ = false;
    bool woken_ = false;
    bool due_ = false; // otherwise whoever waited was woken or cancelled
};

virtual_clock::virtual_clock(asio::io_context& context)
    : context_(&context), now_(std::chrono::milliseconds{1772357400000}) {}

virtual_clock::~virtual_clock() = default;

std::unique_ptr<ports::alarm> virtual_clock::make_alarm() {
    return std::make_unique<sleeper>(*this);
}

void virtual_clock::run_ready() {
    context_->restart();
    while (context_->poll() != 0) {
    }
}

void virtual_clock::after(std::chrono::milliseconds wait, std::function<void()> action) {
    actions_.emplace(now_ + wait, std::move(action));
}

bool virtual_clock::run_until(const std::function<bool()>& condition, std::chrono::milliseconds at_most) {
    const instant end = now_ + at_most;
    run_ready();
    while (!condition()) {
        if (!step(end)) {
            now_ = end;
            return false;
        }
        run_ready();
    }
    return true;
}

// To the next moment at which anything happens; false where there is none until the end.
bool virtual_clock::step(instant end) {
    const bool has_action = !actions_.empty() && actions_.begin()->first <= end;
    const bool has_sleeper = !sleeping_.empty() && sleeping_.begin()->first <= end;
    if (has_action && (!has_sleeper || actions_.begin()->first <= sleeping_.begin()->first)) {
        const auto next = actions_.begin();
        now_ = std::max(now_, next->first);
        const std::function<void()> action = std::move(next->second);
        actions_.erase(next);
        action();
        return true;
    }
    if (has_sleeper) {
        const auto next = sleeping_.begin();
        now_ = std::max(now_, next->first);
        sleeper* due = next->second;
        sleeping_.erase(next);
        due->time_has_come();
        return true;
    }
    return false;
}

} // namespace hallpass::simulation
