#include "sandbox/delayed_calls.hpp"

#include <utility>
#include <vector>

namespace hallpass::sandbox {

void delayed_calls::after(std::chrono::milliseconds delay, std::function<void(bool)> act) {
    if (delay.count() <= 0) {
        act(true);
        return;
    }
    const auto alarm = std::make_shared<grpc::Alarm>();
    std::uint64_t number = 0;
    {
        const std::lock_guard lock(mutex_);
        number = ++last_;
        pending_[number] = alarm;
    }
    alarm->Set(std::chrono::system_clock::now() + delay, [this, number, act = std::move(act)](bool elapsed) {
        {
            const std::lock_guard lock(mutex_);
            pending_.erase(number);
        }
        // Last: it may end the call, and with it the server that this belongs to.
        act(elapsed);
    });
}

void delayed_calls::cancel_all() {
    std::vector<std::shared_ptr<grpc::Alarm>> cut;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [number, alarm] : pending_) {
            cut.push_back(alarm);
        }
    }
    for (const auto& alarm : cut) {
        alarm->Cancel();
    }
}

} // namespace hallpass::sandbox
