// The programs behind `hallpass start` and `hallpass check`.
#pragma once

#include <string>

namespace hallpass::app {

// Exit statuses of the program.
inline constexpr int exit_ok = 0;
inline constexpr int exit_failed = 1;

// Runs until a signal ends it, or until something is wrong that waiting doesn't mend. Problems that keep it
// from starting go to standard error, one line each.
int run_daemon(const std::string& config_path, bool debug);

// Reads the configuration, connects to everything, and says on standard output what works and what doesn't,
// and how to mend it.
int run_check(const std::string& config_path);

} // namespace hallpass::app
