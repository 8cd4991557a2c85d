// Ends what takes too long: one timer for the life of a connection, set anew for each step.
#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace hallpass::net {

// Setting costs a store, not a system call: the timer is moved only where it would ring too late.
class watchdog {
public:
    using time_point = std::chrono::steady_clock::time_point;

    // `on_expiry` runs on the executor, never from within set(), and never after the watchdog's death.
    watchdog(const boost::asio::any_io_executor& executor, std::function<void()> on_expiry);
    watchdog(const watchdog&) = delete;
    watchdog& operator=(const watchdog&) = delete;
    ~watchdog();

    void set(time_point due);
    void clear();

    // Since the last set().
    bool expired() const noexcept;

private:
    struct state;
    static void arm(std::shared_ptr<state> shared, time_point at);
    static void ring(const std::shared_ptr<state>& shared);

    std::shared_ptr<state> shared_;
};

} // namespace hallpass::net
