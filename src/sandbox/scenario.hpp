// One whole life of an Access Request, driven on the cluster's side and looked for in the simulated Slack.
#pragma once

#include "sandbox/simulated_services.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace hallpass::sandbox {

struct scenario_step {
    std::string name;
    std::chrono::milliseconds limit;
    std::function<void()> act;     // may be empty
    std::function<bool()> reached; // looked at after every change of the sandbox
};

// Created, posted, reviewed once, approved, requester told. Starts where a plugin is watching; `world`
// outlives the steps.
std::vector<scenario_step> one_request(simulated_services& world);

// The time a step took; nothing where it was not reached within its limit or `goes_on` became false.
std::optional<std::chrono::duration<double, std::milli>>
run_step(const simulated_services& world, const scenario_step& step, const std::function<bool()>& goes_on);

} // namespace hallpass::sandbox
