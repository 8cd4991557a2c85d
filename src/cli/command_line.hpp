// The commands of `hallpass`.
#pragma once

namespace hallpass::cli {

// Runs the command that the arguments name; the result is the exit status of the program.
int run(int argc, const char* const* argv);

} // namespace hallpass::cli
