// Which failures of a call are worth another try, and after how long. Pure.
#pragma once

#include "base/jitter.hpp"
#include "net/client_connection.hpp"

#include <chrono>

namespace hallpass::net {

// The waits between the attempts of one call.
class backoff {
public:
    backoff(std::chrono::milliseconds first, std::chrono::milliseconds longest);

    std::chrono::milliseconds next(jitter& chance);

private:
    std::chrono::milliseconds first_;
    std::chrono::milliseconds longest_;
    std::chrono::milliseconds last_;
};

// Only what can't have been done, or may be done twice: what was never written; a lost answer and 502, 503 or
// 504 where the call is repeatable. A 429 is the pacer's.
bool is_worth_another_try(const exchanged& outcome, bool repeatable) noexcept;

// A connection that had rested was closed under our hands: a fresh one helps, without any waiting.
bool was_stale(const exchanged& outcome, bool repeatable) noexcept;

} // namespace hallpass::net
