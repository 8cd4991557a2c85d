// Does things later on gRPC's threads, or at once when the server goes down. For the Auth Service's files
// only.
#pragma once

#include <grpcpp/alarm.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

namespace hallpass::sandbox {

// Thread-safe.
class delayed_calls {
public:
    // Calls `act` after the delay with true, or earlier with false where cancel_all() came first. Without a
    // delay it is called before this returns.
    void after(std::chrono::milliseconds delay, std::function<void(bool elapsed)> act);
    void cancel_all();

private:
    std::mutex mutex_;
    std::uint64_t last_ = 0;
    std::map<std::uint64_t, std::shared_ptr<grpc::Alarm>> pending_;
};

} // namespace hallpass::sandbox
