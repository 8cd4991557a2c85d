#include "simulation/cluster.hpp"

#include <algorithm>

namespace hallpass::simulation {

using namespace std::chrono_literals;

void cluster::create(access::access_request request) {
    const std::string id = request.id;
    changed(id, std::move(request));
}

void cluster::review(const std::string& id, std::string author, access::request_state proposed) {
    auto now = find(id);
    if (!now || now->state != access::request_state::pending) {
        return;
    }
    access::review one;
    one.author = std::move(author);
    one.proposed = proposed;
    now->reviews.push_back(std::move(one));
    changed(id, std::move(now));
}

void cluster::resolve(const std::string& id, access::request_state state) {
    auto now = find(id);
    if (!now || now->state != access::request_state::pending) {
        return;
    }
    now->state = state;
    changed(id, std::move(now));
}

void cluster::remove(const std::string& id) {
    if (!find(id)) {
        return;
    }
    changed(id, std::nullopt);
    if (const auto stored = data_.find(id); stored != data_.end()) {
        stored->second.expires = time_->clock.now() + data_outlives;
    }
}

std::optional<access::access_request> cluster::find(const std::string& id) const {
    const auto found = history_.find(id);
    return found == history_.end() ? std::nullopt : found->second.back().second;
}

// teleport-wire 3.3.
result<void> cluster::update(const ports::plugin_data_update& change) {
    std::erase_if(data_, [&](const auto& entry) { return entry.second.expires <= time_->clock.now(); });
    auto stored = data_.find(change.request_id);
    if (stored == data_.end()) {
        if (!find(change.request_id)) {
            return fault(fault_kind::not_found, "the request is gone");
        }
        stored = data_.emplace(change.request_id, stored_data{{}, instant::max()}).first;
    }
    ports::plugin_data& data = stored->second.data;
    for (const auto& [key, value] : change.expect) {
        const auto found = data.find(key);
        if ((found == data.end() ? std::string() : found->second) != value) {
            return fault(fault_kind::conflict, "expectation failed");
        }
    }
    for (const auto& [key, value] : change.set) {
        if (value.empty()) {
            data.erase(key);
        } else {
            data[key] = value;
        }
    }
    return {};
}

ports::plugin_data cluster::read(const std::string& id) const {
    const auto found = data_.find(id);
    const bool there = found != data_.end() && found->second.expires > time_->clock.now();
    return there ? found->second.data : ports::plugin_data();
}

std::vector<ports::stored_plugin_data> cluster::all_data(const std::unordered_set<std::string>& except
) const {
    std::vector<ports::stored_plugin_data> all;
    for (const auto& [id, stored] : data_) {
        if (!except.contains(id) && stored.expires > time_->clock.now()) {
            all.emplace_back(id, stored.data);
        }
    }
    return all;
}

std::vector<access::access_request> cluster::pending_at(instant then) const {
    std::vector<access::access_request> pending;
    for (const auto& [id, versions] : history_) {
        const std::optional<access::access_request>* newest = nullptr;
        for (const auto& [when, version] : versions) {
            if (when <= then) {
                newest = &version;
            }
        }
        if (newest != nullptr && *newest && (*newest)->state == access::request_state::pending) {
            pending.push_back(**newest);
        }
    }
    return pending;
}

std::shared_ptr<watch_stream> cluster::watch(std::shared_ptr<const life> watcher, ports::access_events& to) {
    std::erase_if(streams_, [](const auto& one) { return one->cut || one->watcher->crashed; });
    auto stream = std::make_shared<watch_stream>();
    stream->watcher = std::move(watcher);
    stream->to = &to;
    streams_.push_back(stream);
    return stream;
}

void cluster::deliver_listing(const std::shared_ptr<watch_stream>& stream, instant as_of) {
    access::cluster named;
    named.name = "example.com";
    named.web_url = "https://example.com";
    const bool first = !stream->listed;
    if (first) {
        stream->to->connected(named);
    }
    stream->to->listed(pending_at(as_of));
    stream->listed = true;
    for (const auto& [id, now] : std::exchange(stream->before_listing, {})) {
        send(stream, id, now);
    }
}

void cluster::cut_all() {
    for (const auto& stream : streams_) {
        stream->cut = true;
    }
}

void cluster::changed(const std::string& id, std::optional<access::access_request> now) {
    time_->tell(id + " is " + (now ? std::string(access::to_string(now->state)) : "deleted"));
    history_[id].emplace_back(time_->clock.now(), now);
    for (const auto& stream : streams_) {
        const auto delay =
            time_->draw.below(20) == 0 ? time_->draw.between(1s, 5s) : time_->draw.between(1ms, 50ms);
        stream->last_delivery = std::max(stream->last_delivery, time_->clock.now() + delay);
        const int times = time_->draw.below(20) == 0 ? 2 : 1;
        for (int i = 0; i < times; ++i) {
            time_->clock.after(stream->last_delivery - time_->clock.now(), [this, stream, id, now] {
                send(stream, id, now);
            });
        }
    }
}

void cluster::send(
    const std::shared_ptr<watch_stream>& stream,
    const std::string& id,
    const std::optional<access::access_request>& now
) {
    if (stream->cut || stream->watcher->crashed) {
        return;
    }
    if (!stream->listed) {
        stream->before_listing.emplace_back(id, now);
    } else if (now) {
        stream->to->changed(*now);
    } else {
        stream->to->deleted(id);
    }
}

} // namespace hallpass::simulation
