// `hallpass-sandbox demo`: the servers and a real hallpass against them.
#pragma once

#include <string>

namespace hallpass::sandbox {

struct demo_options {
    std::string hallpass;  // path of the program
    std::string directory; // "" is a temporary one that is removed at the end
    unsigned port = 0;
    bool once = false;
};

// The exit status.
int demo(const demo_options& options);

} // namespace hallpass::sandbox
