// Waiting for one's turn: the pacer's decisions, on a timer.
#pragma once

#include "net/pacer.hpp"
#include "net/watchdog.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <unordered_map>

namespace hallpass::net {

// Lives as long as any call that waits in it.
class turnstile {
public:
    explicit turnstile(const boost::asio::any_io_executor& executor);
    turnstile(const turnstile&) = delete;
    turnstile& operator=(const turnstile&) = delete;
    ~turnstile();

    pacer& pace() noexcept { return pacer_; }

    // The verdict for this call: go, too_late, or wait where it was cancelled or close() ended it.
    boost::asio::awaitable<pace_verdict> pass(pacer::passage& call, pacer::time_point deadline);

    // After every word to the pacer about a call: wakes whoever may go now.
    void look();

    void close();

private:
    void arm();

    boost::asio::any_io_executor executor_;
    pacer pacer_;
    watchdog next_look_;
    std::unordered_map<pacer::passage*, boost::asio::steady_timer*> waiting_;
};

} // namespace hallpass::net
