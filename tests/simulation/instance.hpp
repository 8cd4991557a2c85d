// One hallpass of a simulated world: the real dispatcher behind ports that may fail, crash it, and start it
// again.
#pragma once

#include "access/routing.hpp"
#include "simulation/cluster.hpp"
#include "simulation/faults.hpp"
#include "simulation/third_party.hpp"
#include "simulation/timeline.hpp"
#include "workflow/dispatcher.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace hallpass::simulation {

// What the instances of a world have in common.
struct surroundings {
    timeline& time;
    faults& wrong;
    cluster& auth;
    third_party& service;
    access::routing_table routing;
    service_traits traits;             // the third party has the same
    bool remembers_recipients = false; // look-ups of those known are answered without a wait, as from a cache
    workflow::uncertain_policy on_uncertain = workflow::uncertain_policy::resend;
    std::map<std::string, std::string> requesters; // Teleport user -> address
    std::size_t attempts = 0;                      // calls of the service, whatever became of them
};

class instance {
public:
    instance(surroundings& world, std::string name, std::chrono::milliseconds skew);
    instance(const instance&) = delete;
    instance& operator=(const instance&) = delete;
    ~instance();

    // A new life, after whatever ended the last one.
    void start();
    // It is gone between two instants: what it had sent is on its way, what it knew is lost.
    void crash();
    // As by SIGTERM: true when it has ended by itself in time.
    bool stop(std::chrono::milliseconds within);
    void cut_stream();

    bool running() const noexcept { return now_ != nullptr; }

    std::size_t open_requests() const;
    ports::service_status status() const;

    const std::string& name() const noexcept { return name_; }

private:
    struct being;

    void connect_after(std::chrono::milliseconds wait);
    void connect(std::weak_ptr<being> of);
    void list_again_after(std::weak_ptr<being> of, std::shared_ptr<watch_stream> stream);

    surroundings* world_;
    std::string name_;
    std::chrono::milliseconds skew_;
    std::shared_ptr<being> now_;
};

} // namespace hallpass::simulation
