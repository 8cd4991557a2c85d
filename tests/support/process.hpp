// A program started by a test. It dies with the object, and with the test program.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace hallpass::test {

class process {
public:
    // The first word is looked for on PATH. The environment is this program's own with `environment` on top.
    // Throws where it can't be started.
    explicit process(
        std::vector<std::string> command,
        const std::map<std::string, std::string>& environment = {},
        const std::string& working_directory = {}
    );
    process(const process&) = delete;
    process& operator=(const process&) = delete;
    // Kills it where it still runs.
    ~process();

    // What it has written so far.
    std::string standard_output() const { return content(standard_output_); }

    std::string standard_error() const { return content(standard_error_); }

    // Its exit status, 128 plus the number of the signal that ended it; nothing while it runs.
    std::optional<int> exit_status();
    // The same, waited for. Throws, with what it wrote, where it still runs when the time is over.
    int wait(std::chrono::milliseconds limit = std::chrono::seconds(20));

    void send_signal(int number) const;

    pid_t id() const noexcept { return id_; }

private:
    static std::string content(int file);

    std::string name_;
    int standard_output_;
    int standard_error_;
    pid_t id_ = -1;
    std::optional<int> exit_status_;
};

// The program's full path where it is on PATH, "" where it is not.
std::string find_program(const std::string& name);

} // namespace hallpass::test
