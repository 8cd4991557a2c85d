// What the decisions of a cluster share. Outlives them all.
#pragma once

#include "access/review_rules.hpp"
#include "ports/access_gateway.hpp"
#include "ports/clock.hpp"
#include "ports/log.hpp"
#include "ports/review_gateway.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

namespace hallpass::workflow {

struct decision_options {
    // From a click until the person is told something.
    std::chrono::milliseconds deadline = std::chrono::seconds(8);
    // From a click until the last attempt at a call begins.
    std::chrono::milliseconds patience = std::chrono::seconds(7);
    // Before the second attempt; doubled for each further one.
    std::chrono::milliseconds first_wait = std::chrono::milliseconds(200);
    std::size_t most_at_once = 1000;
};

struct decision_environment {
    boost::asio::any_io_executor executor;
    ports::access_gateway& gateway;
    ports::review_gateway& reviews;
    ports::clock& time;
    ports::log& out;
    const access::review_rules& rules;
    decision_options options{};
    // An approval was added where hallpass judges, so the request's messages say too little.
    std::function<void(const std::string& request_id)> counted{};
};

} // namespace hallpass::workflow
