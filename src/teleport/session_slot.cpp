#include "teleport/session_slot.hpp"

#include "teleport/session.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace hallpass::teleport {

// Registered as long as it waits, however the wait ends.
struct session_slot::waiter {
    waiter(session_slot& slot, std::chrono::steady_clock::time_point until)
        : at(slot), timer(slot.executor_, until) {
        at.waiting_.insert(&timer);
    }

    ~waiter() { at.waiting_.erase(&timer); }

    waiter(const waiter&) = delete;
    waiter& operator=(const waiter&) = delete;

    session_slot& at;
    boost::asio::steady_timer timer;
};

session_slot::session_slot(boost::asio::any_io_executor executor, std::string peer)
    : executor_(std::move(executor)), peer_(std::move(peer)) {}

void session_slot::wake_all() {
    for (boost::asio::steady_timer* timer : waiting_) {
        timer->cancel();
    }
}

void session_slot::put(std::shared_ptr<session> now) {
    session_ = std::move(now);
    wake_all();
}

void session_slot::set_reason(const fault& why) {
    reason_ = why.text();
}

void session_slot::close() {
    closed_ = true;
    wake_all();
}

boost::asio::awaitable<result<std::shared_ptr<session>>>
session_slot::wait(std::chrono::steady_clock::time_point until) {
    // The loop also covers a session that ended between being put and being seen.
    while (!closed_) {
        if (session_ && !session_->ended()) {
            co_return session_;
        }
        if (std::chrono::steady_clock::now() >= until) {
            const std::string because = reason_.empty() ? "" : ": " + reason_;
            co_return fault(fault_kind::transient, "not connected to " + peer_ + because);
        }
        waiter mine(*this, until);
        co_await mine.timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    }
    co_return fault(fault_kind::cancelled, "the connection to " + peer_ + " is being closed");
}

} // namespace hallpass::teleport
