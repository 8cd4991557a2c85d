// Approvals that somebody gave in ServiceNow: rows of sysapproval_approver, each of one named approver. A
// webhook only says which row to look at, and because ServiceNow sends none again, rows of open incidents are
// looked at from time to time as well (api-ticketing 4.5, 6.2).
#pragma once

#include "ports/callbacks.hpp"
#include "ports/clock.hpp"
#include "ports/decision_desk.hpp"
#include "ports/log.hpp"
#include "services/servicenow/api.hpp"
#include "services/servicenow/incidents.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::services::servicenow {

inline constexpr std::string_view secret_header = "x-hallpass-secret";
inline constexpr std::size_t largest_webhook = std::size_t{16} * 1024;

// The sys_id of the row in {"approval": "…"}; nothing where it isn't that.
std::optional<std::string> read_webhook(std::string_view body);

// A row as ServiceNow's API tells it.
struct approval_row {
    std::string id;
    std::string state;
    std::string approver; // sys_id of the user
    std::string task;     // sys_id of the incident
    std::string updated_by;
    std::string updated_on;
};

std::optional<approval_row> read_row(const boost::json::object& from);

// What it is made with outlives it, and it outlives what the desk runs for it.
class decisions {
public:
    decisions(
        const servicenow_config& config,
        api& now,
        incidents& all,
        ports::clock& time,
        ports::log& out,
        ports::decision_desk& desk
    );

    // At /servicenow.
    std::vector<ports::callback_route> routes();

private:
    struct person;

    boost::asio::awaitable<ports::callback_response> answer(ports::callback_request request);
    boost::asio::awaitable<void> look_from_time_to_time();
    boost::asio::awaitable<void> work(std::string row_id);
    boost::asio::awaitable<void> look_at_open_rows();
    boost::asio::awaitable<bool> look_at(std::string row_id);
    boost::asio::awaitable<bool> judge(approval_row row, person who);
    boost::asio::awaitable<bool> decide(approval_row row, person who, std::string request_id);
    boost::asio::awaitable<result<std::optional<person>>> find_person(std::string id);
    boost::asio::awaitable<bool> explain(approval_row row, std::string request_id, std::string words);
    bool later(const approval_row& row, std::string_view doing, const fault& why);

    const servicenow_config& config_;
    api& now_;
    incidents& incidents_;
    ports::clock& time_;
    ports::log& out_;
    ports::decision_desk& desk_;
    std::set<std::string> running_; // rows
    std::set<std::string> done_;    // rows as they were when they were done with
};

} // namespace hallpass::services::servicenow
