// A call of the simulated PagerDuty's API as it is read, and the forms of its answers.
#pragma once

#include "net/http_server.hpp"
#include "sandbox/pagerduty/pagerduty_state.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hallpass::sandbox::pagerduty {

using parameters = std::vector<std::pair<std::string, std::string>>;

struct asked {
    std::string method;
    std::vector<std::string> path;
    parameters query;
    boost::json::object body;
    const user* from = nullptr; // of a call that writes
};

parameters read_query(const std::string& query);
std::vector<std::string> all_of(const asked& call, std::string_view name);
std::string one_of(const asked& call, std::string_view name);
// No ids are all.
bool is_wanted(const std::vector<std::string>& ids, const std::string& id);

net::server_response json_answer(int status, const boost::json::object& body);
net::server_response
error_answer(int status, int code, std::string message, std::vector<std::string> errors = {});
net::server_response not_found();
net::server_response invalid(std::string why);
// The part of all that the call's "limit" and "offset" name.
net::server_response
page_of(const asked& call, const std::string& member, const std::vector<boost::json::object>& all);

boost::json::object reference(const std::string& id, const std::string& type);

} // namespace hallpass::sandbox::pagerduty
