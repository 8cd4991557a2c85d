// What a demo waits for before anybody can do anything: hallpass runs, and takes the clicks of Slack.
#pragma once

#include "sandbox/scenario.hpp"

#include <string>
#include <vector>

namespace hallpass::sandbox {

// "127.0.0.1:40005", where the log of hallpass says that it listens; "" as long as it doesn't say so.
std::string listening_address(const std::string& log);

// `world` outlives the steps.
std::vector<scenario_step> starting_steps(simulated_services& world, const std::string& log_file);

} // namespace hallpass::sandbox
