// The part of cluster_state that is not about one request: plugin data, watchers, expiry, settings.
#include "sandbox/cluster_state.hpp"

#include <algorithm>
#include <utility>

namespace hallpass::sandbox {

outcome<void> cluster_state::update_plugin_data(const plugin_data_change& change) {
    {
        const std::lock_guard lock(mutex_);
        std::optional<instant> access_expiry;
        if (const entry* target = find(change.resource)) {
            access_expiry = target->recorded.request.access_expires;
        }
        if (auto updated = plugin_data_.update(change, access_expiry, now_()); !updated) {
            return updated;
        }
    }
    changes_.changed();
    return {};
}

outcome<std::vector<plugin_record>> cluster_state::plugin_data(const plugin_data_filter& filter) const {
    const std::lock_guard lock(mutex_);
    return plugin_data_.read(filter);
}

std::shared_ptr<event_queue> cluster_state::watch(request_filter filter, std::function<void()> wake) {
    std::shared_ptr<event_queue> watcher;
    {
        const std::lock_guard lock(mutex_);
        watcher = std::make_shared<event_queue>(settings_.watch_capacity, std::move(filter), std::move(wake));
        watchers_.push_back(watcher);
    }
    changes_.changed();
    return watcher;
}

void cluster_state::unwatch(const std::shared_ptr<event_queue>& watcher) {
    {
        const std::lock_guard lock(mutex_);
        std::erase(watchers_, watcher);
    }
    changes_.changed();
}

void cluster_state::drop_watchers(refusal why) {
    watcher_list dropped;
    {
        const std::lock_guard lock(mutex_);
        dropped.swap(watchers_);
    }
    for (const auto& watcher : dropped) {
        watcher->end(why);
    }
    wake(dropped);
}

std::size_t cluster_state::watchers() const {
    const std::lock_guard lock(mutex_);
    return watchers_.size();
}

void cluster_state::expire() {
    watcher_list woken;
    bool changed = false;
    {
        const std::lock_guard lock(mutex_);
        const instant now = now_();
        for (auto it = requests_.begin(); it != requests_.end();) {
            const auto& expires = it->second.recorded.request.request_expires;
            if (expires && *expires <= now) {
                const watcher_list told = publish(true, it->second.recorded);
                woken.insert(woken.end(), told.begin(), told.end());
                it = requests_.erase(it);
                changed = true;
            } else {
                ++it;
            }
        }
        changed = plugin_data_.expire(now) || changed;
    }
    if (changed) {
        wake(woken);
    }
}

cluster_settings cluster_state::settings() const {
    const std::lock_guard lock(mutex_);
    return settings_;
}

void cluster_state::change_settings(const std::function<void(cluster_settings&)>& change) {
    {
        const std::lock_guard lock(mutex_);
        change(settings_);
    }
    changes_.changed();
}

directory cluster_state::known() const {
    const std::lock_guard lock(mutex_);
    return known_;
}

void cluster_state::put_user(cluster_user user) {
    {
        const std::lock_guard lock(mutex_);
        std::erase_if(known_.users, [&](const cluster_user& old) { return old.name == user.name; });
        known_.users.push_back(std::move(user));
    }
    changes_.changed();
}

void cluster_state::reset() {
    watcher_list woken;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [id, kept] : requests_) {
            const watcher_list told = publish(true, kept.recorded);
            woken.insert(woken.end(), told.begin(), told.end());
        }
        requests_.clear();
        plugin_data_.clear();
        known_ = make_directory();
    }
    wake(woken);
}

} // namespace hallpass::sandbox
