// The program behind `hallpass start`.
#pragma once

#include <string>

namespace hallpass::app {

// Runs until a signal ends it, or until something is wrong that waiting doesn't mend. SIGHUP reads the
// configuration again. Problems that keep it from starting go to standard error, one line each.
int run_daemon(const std::string& config_path, bool debug);

} // namespace hallpass::app
