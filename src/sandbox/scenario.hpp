// One whole life of an Access Request: made in the cluster, decided by clicks in the simulated Slack.
#pragma once

#include "base/result.hpp"
#include "sandbox/simulated_services.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace hallpass::sandbox {

struct scenario_step {
    std::string name;
    std::chrono::milliseconds limit;
    std::function<result<void>()> act; // may be empty
    std::function<bool()> reached;     // looked at after every change of the sandbox; may be empty
};

// Starts, as the following do, where a plugin is watching. `world` outlives the steps.
scenario_step one_posted_request(simulated_services& world);

// Created, posted, refused to its requester, approved by two people with a click each, requester told. Starts
// where the plugin takes clicks.
std::vector<scenario_step> one_request(simulated_services& world);

// The time a step took, or why it was not done: not within its limit, for example, or `goes_on` became false.
result<std::chrono::duration<double, std::milli>>
run_step(const simulated_services& world, const scenario_step& step, const std::function<bool()>& goes_on);

} // namespace hallpass::sandbox
