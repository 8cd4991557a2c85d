// Names to addresses, without ever keeping anybody waiting beyond their deadline: getaddrinfo() can't be
// cancelled, so it runs on threads of its own, and whoever has no time left leaves it behind.
#pragma once

#include "base/result.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hallpass::net {

using addresses = std::vector<boost::asio::ip::address>;

// Blocks; called on another thread.
using name_lookup = std::function<result<addresses>(const std::string& host)>;

// By getaddrinfo(3), in its order. permanent where there is no such name, otherwise transient.
result<addresses> look_up_by_system(const std::string& host);

// On the io_context thread. At most one look-up per host at a time, at most four threads, none when idle.
class resolver {
public:
    resolver(boost::asio::any_io_executor executor, name_lookup look_up);
    resolver(const resolver&) = delete;
    resolver& operator=(const resolver&) = delete;
    // Doesn't wait for look-ups under way: they end by themselves and touch nothing of ours any more.
    ~resolver();

    // Found names are remembered for 30 seconds. transient where the deadline comes first.
    boost::asio::awaitable<result<addresses>>
    resolve(std::string host, std::chrono::steady_clock::time_point deadline);

private:
    struct shared;
    std::shared_ptr<shared> shared_;
};

} // namespace hallpass::net
