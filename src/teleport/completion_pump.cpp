#include "teleport/completion_pump.hpp"

#include <boost/asio/post.hpp>

#include <absl/synchronization/mutex.h>

namespace hallpass::teleport {

completion_pump::completion_pump(boost::asio::io_context& context)
    : context_(context), thread_([this] { run(); }) {
    // Debian's abseil is built to look for deadlocks in every lock that gRPC takes; that is for its
    // developers.
    absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
}

completion_pump::~completion_pump() {
    shut_down();
}

void completion_pump::run() {
    void* popped = nullptr;
    bool ok = false;
    while (queue_.Next(&popped, &ok)) {
        auto* tag = static_cast<completion_tag*>(popped);
        boost::asio::post(context_, [tag, ok] { tag->complete(ok); });
    }
}

void completion_pump::shut_down() {
    if (thread_.joinable()) {
        queue_.Shutdown();
        thread_.join();
    }
}

} // namespace hallpass::teleport
