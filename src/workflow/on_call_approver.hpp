// Approves, in hallpass's own name, the requests of people who are on call, as a service's schedules tell.
#pragma once

#include "base/jitter.hpp"
#include "ports/access_gateway.hpp"
#include "ports/clock.hpp"
#include "ports/log.hpp"
#include "ports/review_gateway.hpp"
#include "ports/service.hpp"
#include "workflow/task_group.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace hallpass::workflow {

// All of them outlive the approver.
struct on_call_environment {
    boost::asio::any_io_executor executor;
    ports::service& service;
    ports::access_gateway& gateway;
    ports::review_gateway& reviews;
    ports::clock& time;
    ports::log& out;
    jitter chance;
};

// On the io_context thread only. stop() and join() before it dies. Each request is asked about once; a fault
// is no answer, and it is asked again for as long as the request is pending.
class on_call_approver final : public ports::access_events {
public:
    explicit on_call_approver(on_call_environment shared);

    void connected(const access::cluster&) override {}

    void changed(access::access_request request) override;
    void deleted(std::string request_id) override;
    void listed(std::vector<access::access_request> pending) override;

    void stop();
    boost::asio::awaitable<void> join();

    // Requests that it knows, answered or not.
    std::size_t size() const noexcept { return known_.size(); }

private:
    void look_at(access::access_request request);
    void forget(const std::string& request_id);

    boost::asio::awaitable<void> answer_for(access::access_request request);
    boost::asio::awaitable<std::string> ask(access::access_request request);
    boost::asio::awaitable<void> approve(access::access_request request, std::string why);
    // True where nothing is left to do.
    boost::asio::awaitable<bool> is_settled(const std::string& request_id, const std::string& why);
    boost::asio::awaitable<void> pause(std::chrono::milliseconds& last);

    on_call_environment shared_;
    task_group tasks_;
    std::map<std::string, task_group::canceller> known_;
    bool stopping_ = false;
};

} // namespace hallpass::workflow
