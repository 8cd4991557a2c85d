#include "teleport/in_flight.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace hallpass::teleport {

struct in_flight_state {
    explicit in_flight_state(const boost::asio::any_io_executor& executor) : changed(executor) {}

    std::size_t count = 0;
    boost::asio::steady_timer changed;
};

in_flight::in_flight(const boost::asio::any_io_executor& executor)
    : state_(std::make_shared<in_flight_state>(executor)) {}

in_flight::token::token(const in_flight& counter) : state_(counter.state_) {
    ++state_->count;
}

in_flight::token::~token() {
    if (state_ && --state_->count == 0) {
        state_->changed.cancel();
    }
}

std::size_t in_flight::count() const noexcept {
    return state_->count;
}

boost::asio::awaitable<bool> in_flight::none(std::chrono::milliseconds limit) {
    const std::shared_ptr<in_flight_state> state = state_;
    const auto until = std::chrono::steady_clock::now() + limit;
    while (state->count != 0 && std::chrono::steady_clock::now() < until) {
        state->changed.expires_at(until);
        co_await state->changed.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    }
    co_return state->count == 0;
}

} // namespace hallpass::teleport
