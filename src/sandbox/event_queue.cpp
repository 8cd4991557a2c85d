#include "sandbox/event_queue.hpp"

#include <utility>

namespace hallpass::sandbox {

event_queue::event_queue(std::size_t capacity, request_filter filter, std::function<void()> wake)
    : capacity_(capacity), filter_(std::move(filter)), wake_(std::move(wake)) {}

void event_queue::push(std::shared_ptr<const cluster_event> event) {
    const std::lock_guard lock(mutex_);
    if (ended_) {
        return;
    }
    if (waiting_.size() >= capacity_) {
        waiting_.clear();
        ended_ =
            refusal{refusal_code::unknown, "failed to process fanout buffer backlog within grace period"};
        return;
    }
    waiting_.push_back(std::move(event));
}

void event_queue::end(refusal why) {
    const std::lock_guard lock(mutex_);
    if (!ended_) {
        waiting_.clear();
        ended_ = std::move(why);
    }
}

std::shared_ptr<const cluster_event> event_queue::pop() {
    const std::lock_guard lock(mutex_);
    if (waiting_.empty()) {
        return nullptr;
    }
    auto first = std::move(waiting_.front());
    waiting_.pop_front();
    return first;
}

std::optional<refusal> event_queue::ended() const {
    const std::lock_guard lock(mutex_);
    return ended_;
}

} // namespace hallpass::sandbox
