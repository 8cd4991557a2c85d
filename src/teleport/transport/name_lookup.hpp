// Name resolution that can be given up: getaddrinfo runs in a thread of its own, and a waiter who has waited
// long enough leaves it behind.
#pragma once

#include "base/result.hpp"
#include "teleport/transport/address.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <memory>
#include <vector>

namespace hallpass::teleport::transport {

class name_lookup {
public:
    explicit name_lookup(boost::asio::any_io_executor executor);
    ~name_lookup();
    name_lookup(const name_lookup&) = delete;
    name_lookup& operator=(const name_lookup&) = delete;

    // One caller at a time. While an earlier lookup still hangs, its answer is waited for instead of starting
    // a second one. Faults are transient, or cancelled after cancel().
    boost::asio::awaitable<result<std::vector<boost::asio::ip::tcp::endpoint>>>
    resolve(address at, std::chrono::milliseconds limit);

    void cancel() noexcept;

private:
    struct lookup;

    boost::asio::any_io_executor executor_;
    std::shared_ptr<lookup> current_;
};

} // namespace hallpass::teleport::transport
