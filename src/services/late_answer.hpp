// What a callback waits for, no longer than it may, while the work for it goes on. The two share it: either
// may end first.
#pragma once

#include "ports/clock.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <utility>

namespace hallpass::services {

template <class T>
class late_answer {
public:
    explicit late_answer(ports::clock& time) : told_(time.make_alarm()) {}

    boost::asio::awaitable<void> wait(std::chrono::milliseconds at_most) { co_await told_->wait(at_most); }

    void give(T value) {
        found.emplace(std::move(value));
        told_->wake();
    }

    std::optional<T> found;
    bool answered = false; // without it: the person has been asked to wait

private:
    std::unique_ptr<ports::alarm> told_;
};

} // namespace hallpass::services
