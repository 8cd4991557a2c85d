// Tells that something in the sandbox changed: a number that grows, and a way to wait for a condition.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>

namespace hallpass::sandbox {

// Thread-safe.
class change_signal {
public:
    std::uint64_t revision() const;
    void changed();

    // Called after every change, on the thread that made it, with no lock held. Empty takes it away; once
    // this returns, the one before is not running any more.
    void set_listener(std::function<void()> listener);

    // Waits on this thread until the condition holds; it is looked at after every change. False when the time
    // is over. The condition may take other locks.
    bool wait_for(const std::function<bool()>& condition, std::chrono::milliseconds limit) const;

private:
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::uint64_t revision_ = 1;
    std::mutex listener_mutex_;
    std::function<void()> listener_;
};

} // namespace hallpass::sandbox
