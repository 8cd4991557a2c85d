// What goes wrong in a simulated world, as its seed decides.
#pragma once

#include "simulation/chance.hpp"
#include "simulation/timeline.hpp"

#include <chrono>
#include <set>
#include <string>

namespace hallpass::simulation {

// How often a call of one side meets which fate, in a thousand.
struct fault_rates {
    unsigned refused = 0;
    unsigned lost_there = 0;
    unsigned lost_back = 0;
    unsigned limited = 0;
    unsigned slow = 0;
    unsigned crash = 0; // of the caller, during the call
};

class faults {
public:
    // Some of everything, much of something.
    static faults drawn_from(chance& draw);

    static faults none() { return {}; }

    call_fate of_auth(chance& draw) const;
    call_fate of_service(chance& draw, const std::string& address) const;

    void end();

    fault_rates auth;
    fault_rates service;
    bool auth_is_down = false;
    bool service_is_down = false;
    std::set<std::string> refused_addresses; // for good, as far as the service says

private:
    static call_fate draw_fate(chance& draw, const fault_rates& rates);
};

} // namespace hallpass::simulation
