// At most so many at once; the others wait, the oldest request first.
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <utility>

namespace hallpass::workflow {

// Orders requests by when they were made.
using request_age = std::pair<instant, std::string>;

// On the io_context thread. Outlives its passes.
class gate {
public:
    gate(boost::asio::any_io_executor executor, std::size_t at_most);

    // The right to be inside; its end lets the next in.
    class pass {
    public:
        pass() = default;

        explicit pass(gate& from) : gate_(&from) {}

        pass(pass&& other) noexcept;
        pass& operator=(pass&& other) noexcept;
        ~pass();

    private:
        gate* gate_ = nullptr;
    };

    // Waits as long as it takes: whoever is inside leaves in time by its own deadlines. Cancelled where the
    // coroutine is.
    boost::asio::awaitable<result<pass>> enter(request_age age);

private:
    struct waiter;

    void leave();

    boost::asio::any_io_executor executor_;
    std::size_t free_;
    std::multimap<request_age, waiter*> waiting_;
};

} // namespace hallpass::workflow
