// Calls of ServiceNow's REST API, with a password or an OAuth client.
#pragma once

#include "base/result.hpp"
#include "ports/clock.hpp"
#include "ports/http_client.hpp"
#include "services/servicenow/config.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace hallpass::services::servicenow {

struct call {
    call(ports::http_method method, std::string path, std::string name)
        : method(method), path(std::move(path)), name(std::move(name)) {}

    ports::http_method method;
    std::string path; // below api/now/
    std::string name; // for texts and pace: "table/incident"
    std::optional<boost::json::object> body;
    bool posts = false; // must not be done twice
};

// What it is made with outlives it. Faults are those of read_reply, and of the HTTP client, named by the
// call.
class api {
public:
    api(ports::http_client& http, ports::clock& time, const servicenow_config& config);

    // The answer's "result", which must be an object.
    boost::asio::awaitable<result<boost::json::object>> ask(call what);
    // The same where it must be a list.
    boost::asio::awaitable<result<boost::json::array>> list(call what);

private:
    boost::asio::awaitable<result<boost::json::value>> send(call what);
    boost::asio::awaitable<result<boost::json::value>> send_once(call what, std::string authorization);
    boost::asio::awaitable<result<std::string>> authorization();

    ports::http_client& http_;
    ports::clock& time_;
    const servicenow_config& config_;
    std::string bearer_; // "" until it is fetched
    instant bearer_until_;
};

} // namespace hallpass::services::servicenow
