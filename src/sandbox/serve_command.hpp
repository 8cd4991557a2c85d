// `hallpass-sandbox serve`: the servers, until a signal ends them.
#pragma once

#include "sandbox/simulated_services.hpp"

namespace hallpass::sandbox {

struct serve_options {
    sandbox_options sandbox;
    bool with_parent = false; // ends when the process that started it does
};

// The exit status.
int serve(const serve_options& options);

} // namespace hallpass::sandbox
