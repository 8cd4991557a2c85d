// One thread that waits for gRPC's completion queue and posts what it finds to the io_context; nothing else.
#pragma once

#include <boost/asio/io_context.hpp>
#include <grpcpp/completion_queue.h>

#include <thread>

namespace hallpass::teleport {

// What gRPC gives back when an operation is over. Belongs to gRPC while the operation runs.
class completion_tag {
public:
    // On the io_context thread. The tag may destroy itself.
    virtual void complete(bool ok) = 0;

protected:
    ~completion_tag() = default;
};

class completion_pump {
public:
    explicit completion_pump(boost::asio::io_context& context);
    // Shuts down where that has not been done.
    ~completion_pump();
    completion_pump(const completion_pump&) = delete;
    completion_pump& operator=(const completion_pump&) = delete;

    grpc::CompletionQueue& queue() noexcept { return queue_; }

    // Waits for the thread. No operation may be started afterwards, and those under way must have been
    // cancelled before, or this waits for them.
    void shut_down();

private:
    void run();

    boost::asio::io_context& context_;
    grpc::CompletionQueue queue_;
    std::thread thread_;
};

} // namespace hallpass::teleport
