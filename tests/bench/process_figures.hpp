// What a running process has cost so far, from /proc.
#pragma once

#include <chrono>
#include <cstddef>
#include <sys/types.h>

namespace hallpass::bench {

// All its threads, those that have ended included.
std::chrono::microseconds cpu_time_of(pid_t process);

std::size_t resident_bytes_of(pid_t process);

} // namespace hallpass::bench
