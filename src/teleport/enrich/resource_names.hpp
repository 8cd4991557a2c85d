// What people call the resources that a request names by id.
#pragma once

#include "access/access_request.hpp"
#include "ports/clock.hpp"
#include "teleport/enrich/expiring_cache.hpp"
#include "teleport/enrich/refusals.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hallpass::teleport {
class session;
}

namespace hallpass::teleport::enrich {

// resource.metadata.name == "a" || …, names quoted as Go quotes (teleport-wire 1.3).
std::string name_predicate(const std::vector<std::string>& names);

class resource_names {
public:
    resource_names(ports::clock& time, refusals& refused);

    // The same resources, with friendly names where the cluster we talk to tells them.
    boost::asio::awaitable<std::vector<access::requested_resource>> look_up(
        std::shared_ptr<session> on,
        std::vector<access::requested_resource> resources,
        std::chrono::steady_clock::time_point until
    );

private:
    boost::asio::awaitable<void>
    ask(std::shared_ptr<session> on,
        std::string kind,
        std::vector<std::string> names,
        std::chrono::steady_clock::time_point until);

    ports::clock& time_;
    refusals& refused_;
    expiring_cache<std::string> names_; // by kind and name; "" where there is no friendly one
};

} // namespace hallpass::teleport::enrich
