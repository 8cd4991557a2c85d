#include "workflow/gate.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace hallpass::workflow {

struct gate::waiter {
    explicit waiter(const boost::asio::any_io_executor& executor)
        : turn(executor, boost::asio::steady_timer::time_point::max()) {}

    boost::asio::steady_timer turn;
    bool admitted = false;
};

gate::gate(boost::asio::any_io_executor executor, std::size_t at_most)
    : executor_(std::move(executor)), free_(at_most) {}

gate::pass::pass(pass&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)) {}

gate::pass& gate::pass::operator=(pass&& other) noexcept {
    std::swap(gate_, other.gate_);
    return *this;
}

gate::pass::~pass() {
    if (gate_ != nullptr) {
        gate_->leave();
    }
}

boost::asio::awaitable<result<gate::pass>> gate::enter(request_age age) {
    if (free_ > 0) {
        --free_;
        co_return pass(*this);
    }
    waiter me(executor_);
    const auto place = waiting_.emplace(std::move(age), &me);
    boost::system::error_code ended; // aborted, whether our turn has come or we are cancelled
    co_await me.turn.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ended));
    if (!me.admitted) {
        waiting_.erase(place);
        co_return fault(fault_kind::cancelled, "cancelled before its turn");
    }
    co_return pass(*this);
}

void gate::leave() {
    if (waiting_.empty()) {
        ++free_;
        return;
    }
    waiter* next = waiting_.begin()->second;
    waiting_.erase(waiting_.begin());
    next->admitted = true;
    next->turn.cancel();
}

} // namespace hallpass::workflow
