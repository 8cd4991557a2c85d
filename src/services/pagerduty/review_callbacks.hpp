// PagerDuty's webhooks, from their signature to decisions. PagerDuty waits 5 s, delivers again for 48 h what
// was answered with 5xx, and switches a subscription off after three answers of 4xx (api-ticketing 2.6): so
// what is its own gets 202 when it is settled, known or not, and 503 while it isn't.
#pragma once

#include "base/secret.hpp"
#include "ports/callbacks.hpp"
#include "ports/clock.hpp"
#include "ports/decision_desk.hpp"
#include "ports/log.hpp"
#include "services/pagerduty/confirmation.hpp"
#include "services/pagerduty/webhook.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <string>

namespace hallpass::services::pagerduty {

inline constexpr std::string_view webhook_path = "/pagerduty";

// What it is made with outlives it, and it outlives what the desk runs for it.
class review_callbacks {
public:
    // At most so many events are remembered. One that was forgotten and comes again decides nothing new:
    // nobody reviews a request twice.
    review_callbacks(
        secret webhook_secret,
        decision_actions actions,
        api& pagerduty,
        directory& people,
        ports::clock& time,
        ports::log& out,
        ports::decision_desk& desk,
        std::size_t capacity = 10'000
    );

    ports::callback_route route();

private:
    struct run;

    boost::asio::awaitable<ports::callback_response> answer(ports::callback_request request);
    boost::asio::awaitable<void> work_on(std::shared_ptr<run> mine, webhook_event event);
    // False where it must be tried again.
    boost::asio::awaitable<bool> settle(webhook_event event);
    boost::asio::awaitable<void>
    tell(webhook_event event, access::decision asked, access::decision_outcome outcome);
    std::shared_ptr<run> begin(const webhook_event& event);
    void forget_oldest();

    secret secret_;
    decision_actions actions_;
    api& api_;
    directory& directory_;
    ports::clock& time_;
    ports::log& out_;
    ports::decision_desk& desk_;
    std::size_t capacity_;
    std::map<std::string, std::shared_ptr<run>> runs_; // by event
    std::deque<std::string> order_;                    // of what is settled
    std::size_t under_way_ = 0;
};

} // namespace hallpass::services::pagerduty
