// Who is called by one alert: schedules and teams. They are one recipient, because an alert is one thing
// however many it calls.
#pragma once

#include "access/access_request.hpp"
#include "access/routing.hpp"
#include "services/opsgenie/config.hpp"

#include <boost/json/array.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::services::opsgenie {

struct responder {
    std::string type; // "schedule", "team"
    std::string name; // or its id

    friend auto operator<=>(const responder&, const responder&) = default;
};

// True for a UUID, which is how both services write ids.
bool is_id(std::string_view text) noexcept;

// By the request's annotations, else the operator's table, else the defaults; empty where nobody is named.
std::vector<responder> responders_for(
    const access::access_request& request,
    const opsgenie_config& config,
    const std::optional<access::routing_table>& routing
);

// "schedule:Database on call,team:DBA", and back. What has no type is a schedule, as upstream has it. At
// most 50 of them count, which is all that an alert takes.
std::string to_text(const std::vector<responder>& all);
std::vector<responder> read_responders(std::string_view text);

boost::json::array to_json(const std::vector<responder>& all);

} // namespace hallpass::services::opsgenie
