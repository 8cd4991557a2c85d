// The program behind `hallpass check`.
#pragma once

#include <string>

namespace hallpass::app {

// Reads the configuration, connects to everything, and says on standard output what works and what doesn't,
// and how to mend it.
int run_check(const std::string& config_path);

} // namespace hallpass::app
