// Calls of Opsgenie's REST API v2, and of the same alerts in Jira Service Management (api-ticketing 3).
#pragma once

#include "base/result.hpp"
#include "ports/http_client.hpp"
#include "services/opsgenie/config.hpp"
#include "services/url_query.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace hallpass::services::opsgenie {

inline constexpr std::chrono::milliseconds usual_deadline = std::chrono::seconds(10);

// With which of two credentials, and so where.
enum class side { alerts, reading, site };

struct call {
    call(ports::http_method method, side at, std::string path)
        : method(method), at(at), path(std::move(path)) {}

    ports::http_method method;
    side at;
    std::string path; // "alerts/requests/0ab…"
    url_query query;
    std::optional<boost::json::object> body;
    std::chrono::milliseconds deadline = usual_deadline;
    std::string counted_as = "alert"; // the domain that its limits are of
};

// The client outlives it. Faults are those of read_reply, and of the HTTP client, named by the call. What
// makes something is never repeated here: its fault is uncertain() instead.
class api {
public:
    api(ports::http_client& http, const opsgenie_config& config);

    boost::asio::awaitable<result<boost::json::object>> ask(call what);

    platform on() const noexcept { return on_; }

    bool has_site() const noexcept { return !site_url_.empty(); }

private:
    ports::http_request request_for(const call& what) const;

    ports::http_client& http_;
    platform on_;
    secret alerts_header_;
    secret reading_header_;
    std::string alerts_url_;
    std::string reading_url_;
    std::string site_url_;
    std::chrono::nanoseconds least_interval_;
};

} // namespace hallpass::services::opsgenie
