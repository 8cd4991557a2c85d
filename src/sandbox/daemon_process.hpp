// A hallpass that runs as a child of this program.
#pragma once

#include "base/result.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace hallpass::sandbox {

struct daemon_options {
    std::string program;
    std::vector<std::string> arguments;
    std::string certificate_file; // SSL_CERT_FILE in its environment
    std::string log_file;         // gets its standard output and error
};

class daemon_process {
public:
    static result<daemon_process> start(const daemon_options& options);

    // Stops it where it still runs.
    ~daemon_process();
    daemon_process(daemon_process&& other) noexcept;
    daemon_process(const daemon_process&) = delete;
    daemon_process& operator=(const daemon_process&) = delete;
    daemon_process& operator=(daemon_process&&) = delete;

    bool is_running();

    // SIGTERM, and SIGKILL where that has not ended it within the time. True where it ended by itself.
    bool stop(std::chrono::milliseconds patience);

private:
    daemon_process(int pid, int exit_watch) : pid_(pid), exit_watch_(exit_watch) {}

    bool wait_for_exit(std::chrono::milliseconds time);

    int pid_ = -1;
    int exit_watch_ = -1; // readable once the process has ended
};

// The end of a file, for a person.
std::string last_lines(const std::string& path, std::size_t lines);

} // namespace hallpass::sandbox
