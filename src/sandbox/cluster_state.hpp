// The simulated cluster: Access Requests, their reviews, plugin data and watchers (teleport-wire 2, 3 and
// 11).
#pragma once

#include "base/time.hpp"
#include "sandbox/change_signal.hpp"
#include "sandbox/cluster_types.hpp"
#include "sandbox/directory.hpp"
#include "sandbox/event_queue.hpp"
#include "sandbox/plugin_data_store.hpp"
#include "sandbox/refusal.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace hallpass::sandbox {

instant wall_clock_now();

// Thread-safe. Watchers are woken with no lock held.
class cluster_state {
public:
    // `changes` outlives it.
    cluster_state(
        cluster_settings settings, change_signal& changes, std::function<instant()> now = wall_clock_now
    );

    outcome<recorded_request> create(new_request wanted);
    outcome<recorded_request> review(const std::string& id, new_review given);
    // The checks on who may review for whom (teleport-wire 3.4), then the review.
    outcome<recorded_request> review_as(const std::string& caller, const std::string& id, new_review given);
    outcome<void> set_state(const std::string& id, const new_state& wanted);
    // What an expiry does.
    outcome<void> remove(const std::string& id);

    // In order of creation.
    std::vector<recorded_request> requests(const request_filter& filter) const;

    outcome<void> update_plugin_data(const plugin_data_change& change);
    outcome<std::vector<plugin_record>> plugin_data(const plugin_data_filter& filter) const;

    // Every later change goes to the queue.
    std::shared_ptr<event_queue> watch(request_filter filter, std::function<void()> wake);
    void unwatch(const std::shared_ptr<event_queue>& watcher);
    void drop_watchers(refusal why);
    std::size_t watchers() const;

    // Deletes what has outlived its time; to be called now and then.
    void expire();

    cluster_settings settings() const;
    void change_settings(const std::function<void(cluster_settings&)>& change);
    directory known() const;
    void put_user(cluster_user user);

    // Forgets requests and plugin data; watchers see the requests go.
    void reset();

private:
    using watcher_list = std::vector<std::shared_ptr<event_queue>>;

    struct entry {
        recorded_request recorded;
        std::uint64_t number = 0; // in order of creation
    };

    entry* find(const std::string& id);
    std::optional<refusal>
    refuse_author(const std::string& caller, const std::string& id, const new_review& given) const;
    watcher_list publish(bool deleted, const recorded_request& request);
    outcome<watcher_list> apply_review(entry& reviewed, new_review given);
    outcome<watcher_list> apply_state(entry& changed, const new_state& wanted);
    void wake(const watcher_list& woken);

    mutable std::mutex mutex_;
    cluster_settings settings_;
    change_signal& changes_;
    std::function<instant()> now_;
    directory known_;
    std::map<std::string, entry> requests_;
    std::uint64_t created_ = 0;
    std::uint64_t revision_ = 0;
    plugin_data_store plugin_data_;
    watcher_list watchers_;
};

} // namespace hallpass::sandbox
