// At most so many calls at once; the others wait in order. Ten thousand pending requests at a start would
// otherwise be ten thousand calls in gRPC's memory, and no quicker.
#pragma once

#include "base/result.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <list>

namespace hallpass::teleport {

// On the io_context thread. Outlives its passes.
class call_gate {
public:
    call_gate(boost::asio::any_io_executor executor, std::size_t at_most);

    // The right to make one call; its end lets the next in.
    class pass {
    public:
        pass() = default;

        explicit pass(call_gate& gate) : gate_(&gate) {}

        pass(pass&& other) noexcept;
        pass& operator=(pass&& other) noexcept;
        ~pass();

    private:
        call_gate* gate_ = nullptr;
    };

    // Waits as long as it takes: every call before it has a deadline. Cancelled where the coroutine is.
    boost::asio::awaitable<result<pass>> enter();

private:
    struct waiter;

    void leave();

    boost::asio::any_io_executor executor_;
    std::size_t free_;
    std::list<waiter*> waiting_;
};

} // namespace hallpass::teleport
