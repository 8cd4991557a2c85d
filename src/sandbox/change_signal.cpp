#include "sandbox/change_signal.hpp"

#include <utility>

namespace hallpass::sandbox {

std::uint64_t change_signal::revision() const {
    const std::lock_guard lock(mutex_);
    return revision_;
}

void change_signal::changed() {
    {
        const std::lock_guard lock(mutex_);
        ++revision_;
    }
    changed_.notify_all();
    const std::lock_guard lock(listener_mutex_);
    if (listener_) {
        listener_();
    }
}

void change_signal::set_listener(std::function<void()> listener) {
    const std::lock_guard lock(listener_mutex_);
    listener_ = std::move(listener);
}

bool change_signal::wait_for(const std::function<bool()>& condition, std::chrono::milliseconds limit) const {
    const auto give_up = std::chrono::steady_clock::now() + limit;
    while (true) {
        const std::uint64_t seen = revision();
        if (condition()) {
            return true;
        }
        std::unique_lock lock(mutex_);
        if (!changed_.wait_until(lock, give_up, [&] { return revision_ != seen; })) {
            return false;
        }
    }
}

} // namespace hallpass::sandbox
