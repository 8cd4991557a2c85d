// One decision from the account to the outcome: who it is, what speaks against it, and then the review, or
// the state where the operator chose that. Nothing is called recorded before Teleport has said so.
#pragma once

#include "workflow/approval_store.hpp"
#include "workflow/decision_environment.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <vector>

namespace hallpass::workflow {

class decision_run {
public:
    // What is shared outlives the run.
    decision_run(const decision_environment& shared, access::decision asked);

    // Ends, apart from the call under way, when the patience is over.
    boost::asio::awaitable<access::decision_outcome> run();

private:
    using outcome = access::decision_outcome;
    using request_now = std::optional<access::access_request>;

    boost::asio::awaitable<outcome> decide();
    boost::asio::awaitable<outcome> review(access::access_request before);
    boost::asio::awaitable<outcome> judge(access::access_request before);
    boost::asio::awaitable<outcome> take_at_its_word();
    boost::asio::awaitable<outcome> count_approval(access::access_request before);
    boost::asio::awaitable<outcome> set_state(bool approval_recorded);

    boost::asio::awaitable<result<access::identity>> identify();
    boost::asio::awaitable<result<access::identity>> identify_once();
    boost::asio::awaitable<result<request_now>> read();

    // Waits before another attempt; false where there is no time for one, or the wait was cut short.
    boost::asio::awaitable<bool> pause(int attempt);

    std::optional<outcome>
    settle_review(const request_now& now, const fault& last, const access::access_request& before) const;
    std::optional<outcome>
    settle_state(const request_now& now, const fault& last, bool approval_recorded) const;
    bool is_recorded(const access::access_request& now, const access::access_request& before) const;
    std::string reason_to_submit() const;
    void tell_counted() const;
    std::string delegator() const;
    outcome failed(const fault& last) const;

    const decision_environment& shared_;
    access::decision asked_;
    instant until_;
    std::string user_;
    bool maybe_recorded_ = false; // an answer was lost
};

} // namespace hallpass::workflow
