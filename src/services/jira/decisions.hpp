// Issues that somebody moved to Approved or Denied, from Jira's webhooks, or from a search that finds them,
// to decisions. Both are hints: what counts is what Jira's API says when it is asked, and which issue
// Teleport's own data name for the request (api-ticketing 6.2).
#pragma once

#include "base/secret.hpp"
#include "ports/callbacks.hpp"
#include "ports/clock.hpp"
#include "ports/decision_desk.hpp"
#include "ports/log.hpp"
#include "services/jira/api.hpp"
#include "services/jira/issues.hpp"

#include <boost/asio/awaitable.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::services::jira {

// What Jira says of an account (Cloud: by its accountId; Data Center: by its key). Without facts where it
// doesn't.
boost::asio::awaitable<access::account> find_account(api& jira, ports::log& out, std::string id);

// What a move to that status decides, if anything.
std::optional<access::verdict> verdict_of(const status_names& names, const std::string& status);

// What it is made with outlives it, and it outlives what the desk runs for it.
class decisions {
public:
    decisions(
        const jira_config& config,
        api& jira,
        issues& all,
        ports::clock& time,
        ports::log& out,
        ports::decision_desk& desk
    );

    // At /jira, and at / as upstream has it; none without a secret. Looks for moves as well, where that is
    // on.
    std::vector<ports::callback_route> routes();

private:
    enum class step { done, again, later };

    // Shared by the webhook that began it and the work: either may end first.
    struct run {
        explicit run(ports::clock& time);

        std::unique_ptr<ports::alarm> told;
        std::optional<step> ended;
        bool once_more = false; // the issue was moved meanwhile
        bool polled = false;
    };

    static constexpr std::size_t most_running = 64;

    boost::asio::awaitable<ports::callback_response> answer(ports::callback_request request);
    boost::asio::awaitable<void> work(std::shared_ptr<run> mine, std::string issue_id);
    std::shared_ptr<run> begin(const std::string& issue_id);
    boost::asio::awaitable<step> look_at(std::string issue_id, bool polled);
    boost::asio::awaitable<step> judge(issue at, access::verdict what, bool polled);
    boost::asio::awaitable<step> decide(issue at, access::verdict what, std::string link);
    boost::asio::awaitable<step>
    explain(issue at, access::verdict what, access::decision_outcome outcome, std::string link);
    boost::asio::awaitable<step> refuse(issue at, std::string label, std::string words);

    boost::asio::awaitable<void> look_from_time_to_time();
    boost::asio::awaitable<result<void>> look_for_moves();
    boost::asio::awaitable<void> work_on_found(std::shared_ptr<run> mine, std::string id, std::string face);

    bool was_seen(const std::string& signature, instant now);
    void remember(const std::string& signature, instant now);
    bool may_move_back(const std::string& issue_id);
    step failed(std::string_view what, const issue& at, const fault& why);

    const jira_config& config_;
    api& jira_;
    issues& issues_;
    ports::clock& time_;
    ports::log& out_;
    ports::decision_desk& desk_;
    std::map<std::string, std::shared_ptr<run>> running_; // by issue
    std::map<std::string, instant> seen_;                 // webhooks that are done with, by their signature
    std::map<std::string, unsigned> moved_back_;          // by issue
    // As a search showed them: id, status and time of the last change.
    std::map<std::string, std::string> found_; // by issue: not done with
    std::map<std::string, instant> done_;      // and since when
    std::optional<instant> looked_at_;         // with success
};

} // namespace hallpass::services::jira
