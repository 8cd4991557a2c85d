// Calls of Jira's REST API, of Cloud (version 3) and Data Center (version 2).
#pragma once

#include "base/result.hpp"
#include "ports/http_client.hpp"
#include "services/jira/config.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace hallpass::services::jira {

inline constexpr std::chrono::milliseconds usual_deadline = std::chrono::seconds(10);

struct call {
    call(ports::http_method method, std::string path, std::string name = "")
        : method(method), path(std::move(path)), name(std::move(name)) {}

    ports::http_method method;
    std::string path; // below rest/api/N/: "issue/10001/comment?maxResults=100"
    std::string name; // what Jira counts it by: "issue/comment"; the path where it is ""
    std::optional<boost::json::object> body;
    bool posts = false; // does something that must not be done twice
    std::chrono::milliseconds deadline = usual_deadline;
};

// The client outlives it. Faults are those of read_reply, and of the HTTP client, named by the call.
class api {
public:
    api(ports::http_client& http, const jira_config& config);

    // Cloud or Data Center; asked once where the URL doesn't say.
    boost::asio::awaitable<result<bool>> is_cloud();
    // The answer's JSON, null where it has none.
    boost::asio::awaitable<result<boost::json::value>> send(call what);
    // Where the answer must be an object.
    boost::asio::awaitable<result<boost::json::object>> ask(call what);

private:
    ports::http_request request_for(const call& what, bool cloud) const;
    boost::asio::awaitable<result<boost::json::value>> send_to(call what, bool cloud);

    ports::http_client& http_;
    std::string url_;
    std::string authorization_;
    std::chrono::nanoseconds least_interval_;
    std::optional<bool> cloud_;
};

} // namespace hallpass::services::jira
