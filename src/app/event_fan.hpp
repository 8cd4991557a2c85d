// Passes what the watch tells on to every service's dispatcher.
#pragma once

#include "ports/access_gateway.hpp"

#include <functional>
#include <string>
#include <vector>

namespace hallpass::app {

class event_fan final : public ports::access_events {
public:
    // Called after every first listing: from then on nothing is missed.
    explicit event_fan(std::function<void(const access::cluster&)> watching)
        : watching_(std::move(watching)) {}

    // The target outlives the fan.
    void add(ports::access_events& target) { targets_.push_back(&target); }

    void connected(const access::cluster& to) override;
    void changed(access::access_request request) override;
    void deleted(std::string request_id) override;
    void listed(std::vector<access::access_request> pending) override;

private:
    std::function<void(const access::cluster&)> watching_;
    access::cluster cluster_;
    bool is_new_ = false; // the connection, which hasn't listed yet
    std::vector<ports::access_events*> targets_;
};

} // namespace hallpass::app
