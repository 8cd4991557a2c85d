// Calls of PagerDuty's REST API v2 (api-ticketing 2.1, 2.4).
#pragma once

#include "base/result.hpp"
#include "ports/http_client.hpp"
#include "services/pagerduty/config.hpp"
#include "services/url_query.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hallpass::services::pagerduty {

inline constexpr std::chrono::milliseconds usual_deadline = std::chrono::seconds(10);

struct call {
    call(ports::http_method method, std::string path) : method(method), path(std::move(path)) {}

    ports::http_method method;
    std::string path; // "incidents/PABC123/notes"
    url_query query;
    std::optional<boost::json::object> body;
    std::chrono::milliseconds deadline = usual_deadline;
    std::string counted_as; // PagerDuty counts it apart from the rest, too
};

// The client outlives it. Faults are those of read_reply, and of the HTTP client, named by the call. What
// makes something is never repeated here: its fault is uncertain() instead.
class api {
public:
    api(ports::http_client& http, const pagerduty_config& config);

    boost::asio::awaitable<result<boost::json::object>> ask(call what);

    // Every member of a list, page after page; a fault where a page is missing, never a part of it.
    boost::asio::awaitable<result<std::vector<boost::json::object>>> list(call what, std::string member);

private:
    ports::http_request request_for(const call& what) const;

    ports::http_client& http_;
    secret key_;
    std::string user_email_;
    std::string api_url_;
    std::chrono::nanoseconds least_interval_;
};

} // namespace hallpass::services::pagerduty
