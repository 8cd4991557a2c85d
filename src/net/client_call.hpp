// One call of the HTTP client, from its turn to its answer. Private to the client.
#pragma once

#include "base/jitter.hpp"
#include "net/connection_pool.hpp"
#include "net/dialler.hpp"
#include "net/http_client.hpp"
#include "net/retry.hpp"
#include "net/turnstile.hpp"

#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <string>

namespace hallpass::net {

// What all calls share. Calls keep it alive.
struct client_core {
    client_core(boost::asio::any_io_executor executor, client_options options, ports::log& out);

    boost::asio::any_io_executor executor;
    client_options options;
    ports::log& out;
    dialler dial;
    std::shared_ptr<connection_pool> pool;
    turnstile turns;
    jitter chance;
    std::size_t calls = 0;
    bool closed = false;
    boost::asio::steady_timer all_ended;
};

class client_call {
public:
    using time_point = std::chrono::steady_clock::time_point;

    client_call(std::shared_ptr<client_core> core, ports::http_request request, url target);
    client_call(const client_call&) = delete;
    client_call& operator=(const client_call&) = delete;
    ~client_call();

    boost::asio::awaitable<result<ports::http_response>> run();

private:
    // One attempt, after its turn: on a connection that rested, or a fresh one.
    boost::asio::awaitable<exchanged> attempt();
    boost::asio::awaitable<exchanged> exchange_on(connection_pool::lease& place);
    boost::asio::awaitable<bool> await_turn();
    boost::asio::awaitable<bool> pause(std::chrono::milliseconds wait);
    boost::asio::awaitable<bool> prepare_again(const exchanged& outcome);

    void tell_pacer(const exchanged& outcome);
    void log_attempt(const exchanged& outcome, time_point begun) const;
    std::string shown_path() const;
    fault explained(const fault& plain, bool written) const;
    result<ports::http_response> conclude(exchanged outcome) const;

    std::shared_ptr<client_core> core_;
    ports::http_request request_;
    url target_;
    time_point deadline_;
    std::string host_key_;
    std::string bytes_;
    pacer::passage passage_;
    backoff backoff_;
    int attempts_ = 0;
    bool cancelled_ = false;
    bool held_ = false;                     // a hold came between our turn and the connection
    std::chrono::milliseconds patience_{0}; // what the other side asks for, beyond our deadline
};

} // namespace hallpass::net
