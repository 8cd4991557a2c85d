// A simulated cluster: its Access Requests with their history, their plugin data with its expiry, and the
// streams of those who watch.
#pragma once

#include "ports/access_gateway.hpp"
#include "simulation/timeline.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hallpass::simulation {

// One watcher's connection. Events come in order, late, sometimes twice; none before the listing.
struct watch_stream {
    std::shared_ptr<const life> watcher;
    ports::access_events* to = nullptr;
    bool cut = false;
    bool listed = false;
    instant last_delivery;
    std::vector<std::pair<std::string, std::optional<access::access_request>>> before_listing;
};

class cluster {
public:
    struct stored_data {
        ports::plugin_data data;
        instant expires;
    };

    explicit cluster(timeline& time) : time_(&time) {}

    // What people do.
    void create(access::access_request request);
    void review(const std::string& id, std::string author, access::request_state proposed);
    void resolve(const std::string& id, access::request_state state);
    void remove(const std::string& id);

    // What hallpass does.
    std::optional<access::access_request> find(const std::string& id) const;
    result<void> update(const ports::plugin_data_update& change);
    ports::plugin_data read(const std::string& id) const;
    std::vector<ports::stored_plugin_data> all_data(const std::unordered_set<std::string>& except) const;
    // What was pending then: a listing may come from a cache that is behind.
    std::vector<access::access_request> pending_at(instant then) const;

    std::shared_ptr<watch_stream> watch(std::shared_ptr<const life> watcher, ports::access_events& to);
    void deliver_listing(const std::shared_ptr<watch_stream>& stream, instant as_of);
    void cut_all();

    // So long plugin data is kept when its request is gone.
    std::chrono::milliseconds data_outlives = std::chrono::hours(100);

    const std::map<std::string, std::vector<std::pair<instant, std::optional<access::access_request>>>>&
    history() const noexcept {
        return history_;
    }

    const std::map<std::string, stored_data>& data() const noexcept { return data_; }

private:
    void changed(const std::string& id, std::optional<access::access_request> now);
    void send(
        const std::shared_ptr<watch_stream>& stream,
        const std::string& id,
        const std::optional<access::access_request>& now
    );

    timeline* time_;
    std::map<std::string, std::vector<std::pair<instant, std::optional<access::access_request>>>> history_;
    std::map<std::string, stored_data> data_;
    std::vector<std::shared_ptr<watch_stream>> streams_;
};

} // namespace hallpass::simulation
