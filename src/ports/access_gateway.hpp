// The cluster's Auth Service, as the workflow needs it.
#pragma once

#include "access/access_request.hpp"
#include "access/card.hpp"
#include "base/result.hpp"

#include <boost/asio/awaitable.hpp>

#include <map>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace hallpass::ports {

using plugin_data = std::map<std::string, std::string>;

// Every key of `expect` must still have that value, "" meaning that there is none; then `set` is written, ""
// deletes.
struct plugin_data_update {
    plugin_data_update() = default;

    std::string request_id;
    std::string plugin;
    plugin_data set;
    plugin_data expect;
};

// One request's plugin data.
struct stored_plugin_data {
    stored_plugin_data() = default;

    stored_plugin_data(std::string request_id, plugin_data data)
        : request_id(std::move(request_id)), data(std::move(data)) {}

    std::string request_id;
    plugin_data data;
};

class access_gateway {
public:
    virtual ~access_gateway() = default;

    // The request as it is now; nothing where it is gone.
    virtual boost::asio::awaitable<result<std::optional<access::access_request>>> read_request(std::string id
    ) = 0;

    // Empty where nothing was ever written.
    virtual boost::asio::awaitable<result<plugin_data>>
    read_plugin_data(std::string request_id, std::string plugin) = 0;

    // What this plugin has written for requests other than these, and Teleport still keeps: an hour longer
    // than the access that was asked for.
    virtual boost::asio::awaitable<result<std::vector<stored_plugin_data>>>
    list_plugin_data(std::string plugin, std::unordered_set<std::string> except) = 0;

    // conflict: somebody else wrote first. not_found: the request is gone and nothing was written before.
    virtual boost::asio::awaitable<result<void>> update_plugin_data(plugin_data_update update) = 0;

    // Fills in what only further calls can tell: friendly names of resources, logins of roles. Best effort:
    // what can't be had is left as it is, and why is logged once.
    virtual boost::asio::awaitable<access::access_request> enrich(access::access_request request) = 0;
};

// What the watch tells, on the io_context thread. Implementations return at once.
class access_events {
public:
    virtual ~access_events() = default;

    virtual void connected(const access::cluster& to) = 0;
    // A request is new or has changed.
    virtual void changed(access::access_request request) = 0;
    virtual void deleted(std::string request_id) = 0;
    // After every (re)connect, and every few minutes: all that is pending now. What we believe pending and is
    // not here ended while we were away.
    virtual void listed(std::vector<access::access_request> pending) = 0;
};

} // namespace hallpass::ports
