// Waits of the sandbox's own coroutines that can all be cut short together.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <list>

namespace hallpass::sandbox {

// On the io_context's thread only; outlives every wait.
class waits {
public:
    // Returns early when cut short, and at once for 0 or after close().
    boost::asio::awaitable<void> wait_for(std::chrono::milliseconds time);

    void cut_short();
    void close();

    bool is_closed() const noexcept { return closed_; }

private:
    std::list<boost::asio::steady_timer*> running_;
    bool closed_ = false;
};

} // namespace hallpass::sandbox
