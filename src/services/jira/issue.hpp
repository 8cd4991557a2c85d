// An issue as Jira shows it, read for what decides (api-ticketing 1.2).
#pragma once

#include "base/time.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::services::jira {

// The issue property that holds the id of the Access Request: upstream's (upstream-ticketing 1.2).
inline constexpr std::string_view request_property = "teleportAccessRequestId";

struct transition {
    std::string id;
    std::string to_id;
    std::string to_name;
};

struct status_change {
    std::string id;     // of the history entry
    std::string author; // account id, "" where Jira doesn't say
    std::string from;   // status ids
    std::string to;
    std::optional<instant> at;
};

struct issue {
    std::string id;
    std::string key;
    std::string status_id;
    std::string status_name;
    std::string creator;    // account id
    std::string request_id; // by its property
    std::vector<transition> transitions;
    std::optional<status_change> last_change; // of its status
};

// Cloud's accountId, or Data Center's key: both are never given to anybody else. A name may be.
std::string account_id_of(const boost::json::object& user);

// Nothing where it isn't one.
std::optional<issue> read_issue(const boost::json::object& from);

// The one that leads to a status of that name in any case of letters; null where there is none.
const transition* find_transition(const issue& at, std::string_view status_name);

} // namespace hallpass::services::jira
