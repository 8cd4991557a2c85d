#include "app/event_fan.hpp"

#include <utility>

namespace hallpass::app {

void event_fan::connected(const access::cluster& to) {
    cluster_ = to;
    is_new_ = true;
    for (ports::access_events* target : targets_) {
        target->connected(to);
    }
}

void event_fan::changed(access::access_request request) {
    for (std::size_t i = 0; i + 1 < targets_.size(); ++i) {
        targets_[i]->changed(request);
    }
    if (!targets_.empty()) {
        targets_.back()->changed(std::move(request));
    }
}

void event_fan::deleted(std::string request_id) {
    for (ports::access_events* target : targets_) {
        target->deleted(request_id);
    }
}

void event_fan::listed(std::vector<access::access_request> pending) {
    for (ports::access_events* target : targets_) {
        target->listed(pending);
    }
    if (std::exchange(is_new_, false)) {
        watching_(cluster_);
    }
}

} // namespace hallpass::app
