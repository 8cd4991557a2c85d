#include "net/watchdog.hpp"

#include <boost/asio/steady_timer.hpp>

#include <utility>

namespace hallpass::net {

namespace {

constexpr auto never = watchdog::time_point::max();

} // namespace

struct watchdog::state {
    state(const boost::asio::any_io_executor& executor, std::function<void()> action)
        : timer(executor), on_expiry(std::move(action)) {}

    boost::asio::steady_timer timer;
    std::function<void()> on_expiry;
    time_point due = never;
    time_point armed = never;
    bool expired = false;
};

watchdog::watchdog(const boost::asio::any_io_executor& executor, std::function<void()> on_expiry)
    : shared_(std::make_shared<state>(executor, std::move(on_expiry))) {}

watchdog::~watchdog() {
    shared_->on_expiry = nullptr;
    shared_->timer.cancel();
}

void watchdog::set(time_point due) {
    shared_->due = due;
    shared_->expired = false;
    if (due < shared_->armed) {
        arm(shared_, due);
    }
}

void watchdog::clear() {
    shared_->due = never;
}

bool watchdog::expired() const noexcept {
    return shared_->expired;
}

void watchdog::arm(std::shared_ptr<state> shared, time_point at) {
    shared->armed = at;
    shared->timer.expires_at(at);
    auto& timer = shared->timer;
    timer.async_wait([shared = std::move(shared)](const boost::system::error_code& cancelled) {
        if (!cancelled) {
            ring(shared);
        }
    });
}

void watchdog::ring(const std::shared_ptr<state>& shared) {
    shared->armed = never;
    if (!shared->on_expiry || shared->due == never) {
        return;
    }
    if (std::chrono::steady_clock::now() < shared->due) {
        arm(shared, shared->due);
        return;
    }
    shared->due = never;
    shared->expired = true;
    // The callback may destroy the watchdog, and with it the function that runs.
    const auto on_expiry = shared->on_expiry;
    on_expiry();
}

} // namespace hallpass::net
