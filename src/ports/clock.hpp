// Time and waiting, so that a simulation can run hours in a second.
#pragma once

#include "base/time.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>

namespace hallpass::ports {

// A wait that can be cut short. One waiter at a time; on the io_context thread only.
class alarm {
public:
    virtual ~alarm() = default;

    // True when the time has passed, false when wake() ended it or the coroutine was cancelled. A wake() that
    // came while nobody waited is not lost: the next wait returns at once.
    virtual boost::asio::awaitable<bool> wait(std::chrono::milliseconds at_most) = 0;
    virtual void wake() = 0;
};

class clock {
public:
    virtual ~clock() = default;

    virtual instant now() const = 0;
    virtual std::unique_ptr<alarm> make_alarm() = 0;
};

} // namespace hallpass::ports
