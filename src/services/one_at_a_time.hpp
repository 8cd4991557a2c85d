// Lets one coroutine in and the others wait: of many that want the same token, one asks for it.
#pragma once

#include "ports/clock.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <list>
#include <memory>

namespace hallpass::services {

class one_at_a_time {
public:
    // The clock outlives it, and it outlives its turns.
    explicit one_at_a_time(ports::clock& time) : time_(time) {}

    one_at_a_time(const one_at_a_time&) = delete;
    one_at_a_time& operator=(const one_at_a_time&) = delete;

    class turn {
    public:
        explicit turn(one_at_a_time& of) : of_(of) {}

        turn(const turn&) = delete;
        turn& operator=(const turn&) = delete;

        ~turn() { of_.leave(); }

    private:
        one_at_a_time& of_;
    };

    // In the order of asking; null where it didn't come in time.
    boost::asio::awaitable<std::unique_ptr<turn>> enter(std::chrono::milliseconds at_most);

private:
    struct waiter {
        ports::alarm* bell;
        bool called = false;
    };

    void leave();

    ports::clock& time_;
    bool taken_ = false;
    std::list<waiter*> waiting_;
};

} // namespace hallpass::services
