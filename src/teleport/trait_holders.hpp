// Which Teleport users have a trait with which value. The list of users is read at most once a minute for a
// trait, and only names and values of that trait are kept of it.
#pragma once

#include "base/result.hpp"
#include "ports/clock.hpp"
#include "teleport/enrich/expiring_cache.hpp"
#include "teleport/enrich/single_flight.hpp"
#include "teleport/session.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace hallpass::teleport {

class trait_holders {
public:
    trait_holders(boost::asio::any_io_executor executor, ports::clock& time);

    // Their names, in order; empty where nobody has it. permanent: the cluster has more users than can be
    // looked through.
    boost::asio::awaitable<result<std::vector<std::string>>> look_up(
        std::shared_ptr<session> on,
        std::string trait,
        std::string value,
        std::chrono::steady_clock::time_point until
    );

private:
    using by_value = std::map<std::string, std::vector<std::string>>;

    boost::asio::awaitable<result<by_value>>
    list(std::shared_ptr<session> on, std::string trait, std::chrono::steady_clock::time_point until);

    ports::clock& time_;
    enrich::single_flight asking_;
    enrich::expiring_cache<by_value> known_;
};

} // namespace hallpass::teleport
