#include "services/one_at_a_time.hpp"

namespace hallpass::services {

boost::asio::awaitable<std::unique_ptr<one_at_a_time::turn>>
one_at_a_time::enter(std::chrono::milliseconds at_most) {
    if (!taken_) {
        taken_ = true;
        co_return std::make_unique<turn>(*this);
    }
    const std::unique_ptr<ports::alarm> bell = time_.make_alarm();

    // However the wait ends: the place is given up, or the turn that came with it.
    struct place {
        one_at_a_time& in;
        waiter who;

        ~place() {
            in.waiting_.remove(&who);
            if (who.called) {
                in.leave();
            }
        }
    } mine{*this, {bell.get()}};

    waiting_.push_back(&mine.who);
    co_await bell->wait(at_most);
    if (!mine.who.called) {
        co_return nullptr;
    }
    auto entered = std::make_unique<turn>(*this);
    mine.who.called = false;
    co_return entered;
}

void one_at_a_time::leave() {
    if (waiting_.empty()) {
        taken_ = false;
        return;
    }
    waiter* next = waiting_.front();
    waiting_.pop_front();
    next->called = true;
    next->bell->wake();
}

} // namespace hallpass::services
