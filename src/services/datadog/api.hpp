// Calls of Datadog's API.
#pragma once

#include "base/result.hpp"
#include "ports/http_client.hpp"
#include "services/datadog/config.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <utility>

namespace hallpass::services::datadog {

struct call {
    call(ports::http_method method, std::string path, std::string name)
        : method(method), path(std::move(path)), name(std::move(name)) {}

    ports::http_method method;
    std::string path; // below api/v2/
    std::string name; // for texts and pace: "incidents/timeline"
    std::optional<boost::json::object> body;
    bool posts = false; // must not be done twice
};

// What it is made with outlives it. Faults are those of read_reply, and of the HTTP client, named by the
// call.
class api {
public:
    api(ports::http_client& http, const datadog_config& config);

    boost::asio::awaitable<result<boost::json::object>> ask(call what);

private:
    ports::http_client& http_;
    const datadog_config& config_;
};

} // namespace hallpass::services::datadog
