// The changes that one watcher has not been sent yet: bounded, and cut off when full, as Teleport cuts it
// off.
#pragma once

#include "sandbox/cluster_types.hpp"
#include "sandbox/refusal.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

namespace hallpass::sandbox {

// Thread-safe.
class event_queue {
public:
    // `wake` is what wake() calls: whoever pushed or ended calls it once its own locks are free.
    event_queue(std::size_t capacity, request_filter filter, std::function<void()> wake);

    const request_filter& filter() const noexcept { return filter_; }

    // A queue that is full ends with what Teleport says to a reader that stays behind.
    void push(std::shared_ptr<const cluster_event> event);
    void end(refusal why);

    void wake() const { wake_(); }

    // Nothing where it is empty or has ended; what was queued before the end is lost with it.
    std::shared_ptr<const cluster_event> pop();
    std::optional<refusal> ended() const;

private:
    mutable std::mutex mutex_;
    std::size_t capacity_;
    request_filter filter_;
    std::function<void()> wake_;
    std::deque<std::shared_ptr<const cluster_event>> waiting_;
    std::optional<refusal> ended_;
};

} // namespace hallpass::sandbox
