// An Auth Service in memory: requests, and plugin data with Teleport's compare-and-swap (teleport-wire 3.3).
#pragma once

#include "ports/access_gateway.hpp"

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace hallpass::simulation {

class simulated_auth final : public ports::access_gateway {
public:
    boost::asio::awaitable<result<std::optional<access::access_request>>> read_request(std::string id
    ) override;
    boost::asio::awaitable<result<ports::plugin_data>>
    read_plugin_data(std::string request_id, std::string plugin) override;
    boost::asio::awaitable<result<std::vector<ports::stored_plugin_data>>>
    list_plugin_data(std::string plugin, std::unordered_set<std::string> except) override;
    boost::asio::awaitable<result<void>> update_plugin_data(ports::plugin_data_update update) override;
    boost::asio::awaitable<access::access_request> enrich(access::access_request request) override;

    // What the next calls of a kind come to: a fault, before or after the work was done.
    struct mishap {
        mishap(fault what, bool done_all_the_same)
            : what(std::move(what)), done_all_the_same(done_all_the_same) {}

        fault what;
        bool done_all_the_same;
    };

    std::deque<mishap> next_reads;
    std::deque<mishap> next_updates;
    std::function<void()> before_update; // another writer's chance

    std::map<std::string, access::access_request> requests;
    std::map<std::string, std::map<std::string, ports::plugin_data>> data; // request, plugin
    std::map<std::string, int> calls;

private:
    result<void> compare_and_swap(const ports::plugin_data_update& update);
};

} // namespace hallpass::simulation
