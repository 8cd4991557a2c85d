// Time that passes only when nothing is left to do.
#pragma once

#include "ports/clock.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>

#include <functional>
#include <map>
#include <memory>

namespace hallpass::simulation {

class virtual_clock final : public ports::clock {
public:
    explicit virtual_clock(boost::asio::io_context& context);
    ~virtual_clock() override;

    instant now() const override { return now_; }

    std::unique_ptr<ports::alarm> make_alarm() override;

    // Runs what is ready, moves to the next alarm, and so on, until the condition holds or the time is up.
    // True where it holds.
    bool run_until(const std::function<bool()>& condition, std::chrono::milliseconds at_most);

    // Runs what is ready, without letting time pass.
    void run_ready();

    // To be run when the time has come, between turns of the loop.
    void after(std::chrono::milliseconds wait, std::function<void()> action);

private:
    class sleeper;
    friend class sleeper;

    bool step(instant end);

    boost::asio::io_context* context_;
    instant now_;
    std::multimap<instant, sleeper*> sleeping_;
    std::multimap<instant, std::function<void()>> actions_;
};

} // namespace hallpass::simulation
