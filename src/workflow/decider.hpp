// Takes every decision from every service, and answers each within its deadline. The clicks of one account
// on one request are one after the other, and equal ones are one.
#pragma once

#include "workflow/decision_environment.hpp"
#include "workflow/task_group.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <tuple>

namespace hallpass::workflow {

// On the io_context thread. Must be joined before it dies.
class decider {
public:
    explicit decider(decision_environment shared);
    ~decider();
    decider(const decider&) = delete;
    decider& operator=(const decider&) = delete;

    // Writes one line of audit, "decision". What is under way at the deadline, or when the caller is
    // cancelled, goes on: the outcome is then unknown, and "decision_late" tells the log what became of it.
    boost::asio::awaitable<access::decision_outcome> decide(access::decision asked);

    // Nothing new begins.
    void stop() noexcept { stopping_ = true; }

    // Cuts the calls under way.
    void abort();
    // Ends when nothing is under way.
    boost::asio::awaitable<void> join();

    std::size_t running() const noexcept { return running_.size(); }

private:
    struct click;
    using place = std::tuple<std::string, std::string, std::string>; // request, service, account

    boost::asio::awaitable<access::decision_outcome> answer(access::decision asked);
    boost::asio::awaitable<void> perform(std::shared_ptr<click> mine);
    std::shared_ptr<click> start(const place& at, access::decision asked);
    void ended(const place& at, const std::shared_ptr<click>& done);
    void
    audit(std::string_view event, const access::decision& asked, const access::decision_outcome& outcome);

    decision_environment shared_;
    task_group tasks_;
    std::map<place, std::shared_ptr<click>> running_;
    bool stopping_ = false;
};

} // namespace hallpass::workflow
