// SIGINT and SIGTERM as something to wait for.
#pragma once

#include <chrono>

namespace hallpass::sandbox {

// To be made before any thread starts: it blocks both signals for all of them.
class stop_signal {
public:
    stop_signal();

    // True when a signal came within the time.
    bool wait_for(std::chrono::milliseconds time);
};

// The program gets SIGTERM when the one that started it ends. False where that is already gone.
bool end_with_parent();

} // namespace hallpass::sandbox
