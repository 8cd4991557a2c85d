// What hallpass does with issues: reads, makes, moves and comments on them, and looks them up again.
#pragma once

#include "access/card.hpp"
#include "access/message.hpp"
#include "ports/clock.hpp"
#include "ports/log.hpp"
#include "services/jira/api.hpp"
#include "services/jira/issue.hpp"
#include "services/ticket_facts.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hallpass::services::jira {

using drawing = std::function<ticket_facts(const amounts&)>;

// An issue that was changed, as a search shows it.
struct changed_issue {
    std::string id;
    std::string status_name;
    std::string updated; // as Jira writes it
};

// What it is made with outlives it.
class issues {
public:
    issues(api& jira, const jira_config& config, ports::clock& time, ports::log& out);

    // Our own account's id, asked once.
    boost::asio::awaitable<result<std::string>> whoami();

    boost::asio::awaitable<result<access::message_ref>>
    create(std::string project, access::card shown, access::delivery_key key);

    // With its transitions; with the changes of its status where they are wanted.
    boost::asio::awaitable<result<issue>> read(std::string id, bool with_changes);

    // A comment with the key at its end.
    boost::asio::awaitable<result<access::message_ref>>
    comment(std::string id, drawing draw, access::delivery_key key);
    // The same, unless it is there.
    boost::asio::awaitable<result<void>> comment_once(std::string id, drawing draw, access::delivery_key key);

    // In the newest comment of that account that gives one; "" where none does.
    boost::asio::awaitable<result<std::string>> reason_by(std::string id, std::string account);

    // A comment says how it ended, once, and the issue is moved to the status of that end. Where its workflow
    // has no way there, the comment says so, and the log.
    boost::asio::awaitable<result<void>> settle(std::string id, access::card shown);

    // Those of our account in the project.
    boost::asio::awaitable<result<std::vector<changed_issue>>> changed_within(std::chrono::minutes window);

    boost::asio::awaitable<result<void>> move(std::string id, std::string transition_id);

    // Faults: unsupported where Jira doesn't let us look; transient as long as its index may lag.
    boost::asio::awaitable<result<std::optional<access::message_ref>>>
    find_issue(std::string project, access::delivery_key key, instant since);
    boost::asio::awaitable<result<std::optional<access::message_ref>>>
    find_comment(std::string id, access::delivery_key key);

private:
    struct page;

    boost::asio::awaitable<result<page>>
    search(std::string jql, std::string after, bool cloud, boost::json::array fields);
    boost::asio::awaitable<result<bool>> has_property(std::string id, std::string request_id);
    boost::asio::awaitable<result<boost::json::value>> body_of(drawing draw);
    instant index_is_sure_from(const access::delivery_key& key, bool cloud) const;

    api& jira_;
    const jira_config& config_;
    ports::clock& time_;
    ports::log& out_;
    instant made_;
    std::string me_;
    std::map<std::string, instant> uncertain_; // requests whose issue may have been made: since when
};

} // namespace hallpass::services::jira
