// The arguments of hallpass-sandbox.
#pragma once

namespace hallpass::sandbox {

// The exit status: 2 where the arguments are not understood.
int run_command_line(int argc, char** argv);

} // namespace hallpass::sandbox
