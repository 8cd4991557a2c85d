// Counts what is under way, and lets one coroutine wait until nothing is.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <memory>

namespace hallpass::teleport {

class in_flight {
public:
    explicit in_flight(const boost::asio::any_io_executor& executor);

    // Counts from its making to its end. May outlive the counter.
    class token {
    public:
        explicit token(const in_flight& counter);
        ~token();
        token(token&& other) noexcept = default;
        token& operator=(token&&) = delete;

    private:
        std::shared_ptr<struct in_flight_state> state_;
    };

    // One waiter at a time. True where the count reached zero in time.
    boost::asio::awaitable<bool> none(std::chrono::milliseconds limit);
    std::size_t count() const noexcept;

private:
    std::shared_ptr<struct in_flight_state> state_;
};

} // namespace hallpass::teleport
