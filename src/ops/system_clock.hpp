// The machine's own time.
#pragma once

#include "ports/clock.hpp"

#include <boost/asio/any_io_executor.hpp>

namespace hallpass::ops {

// Wall time for now(); waits run on the monotonic clock, so that setting the time neither shortens nor
// prolongs them.
class system_clock final : public ports::clock {
public:
    explicit system_clock(boost::asio::any_io_executor executor);

    instant now() const override;
    std::unique_ptr<ports::alarm> make_alarm() override;

private:
    boost::asio::any_io_executor executor_;
};

} // namespace hallpass::ops
