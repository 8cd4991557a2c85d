#include "process_figures.hpp"

#include <ctime>
#include <fstream>
#include <stdexcept>
#include <string>

namespace hallpass::bench {

std::chrono::microseconds cpu_time_of(pid_t process) {
    // The clock of another process counts in nanoseconds, where /proc/PID/stat has ticks of 10 ms.
    clockid_t clock = 0;
    timespec used{};
    if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &used) != 0) {
        throw std::runtime_error("no CPU clock of process " + std::to_string(process));
    }
    return std::chrono::seconds(used.tv_sec) + std::chrono::microseconds(used.tv_nsec / 1000);
}

std::size_t resident_bytes_of(pid_t process) {
    std::ifstream status("/proc/" + std::to_string(process) + "/status");
    std::string line;
    while (std::getline(status, line)) {
        if (line.starts_with("VmRSS:")) {
            return std::stoul(line.substr(6)) * 1024;
        }
    }
    throw std::runtime_error("no VmRSS of process " + std::to_string(process));
}

} // namespace hallpass::bench
