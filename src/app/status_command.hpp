// The program behind `hallpass status`.
#pragma once

#include <string>

namespace hallpass::app {

// Asks every instance in the state directory of the configuration, and prints what they say: a table, or with
// `as_json` a JSON array. exit_failed, and a line on standard error, where none answers.
int run_status(const std::string& config_path, bool as_json);

} // namespace hallpass::app
