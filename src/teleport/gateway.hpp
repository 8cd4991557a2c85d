// The Auth Service as the workflow sees it, over whatever session there is.
#pragma once

#include "ports/access_gateway.hpp"
#include "teleport/enrich/enricher.hpp"
#include "teleport/in_flight.hpp"
#include "teleport/session_slot.hpp"

#include <chrono>
#include <string>
#include <unordered_set>
#include <vector>

namespace hallpass::teleport {

// Every call ends within the limit, waiting for a session included.
class gateway final : public ports::access_gateway {
public:
    gateway(
        session_slot& sessions,
        enrich::enricher& details,
        const in_flight& calls,
        std::chrono::milliseconds limit
    );

    boost::asio::awaitable<result<std::optional<access::access_request>>> read_request(std::string id
    ) override;
    boost::asio::awaitable<result<ports::plugin_data>>
    read_plugin_data(std::string request_id, std::string plugin) override;
    boost::asio::awaitable<result<std::vector<ports::stored_plugin_data>>>
    list_plugin_data(std::string plugin, std::unordered_set<std::string> except) override;
    boost::asio::awaitable<result<void>> update_plugin_data(ports::plugin_data_update update) override;
    boost::asio::awaitable<access::access_request> enrich(access::access_request request) override;

private:
    session_slot& sessions_;
    enrich::enricher& details_;
    const in_flight& calls_;
    std::chrono::milliseconds limit_;
};

} // namespace hallpass::teleport
